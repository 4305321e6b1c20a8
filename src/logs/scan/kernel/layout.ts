// Where everything lives in the module's memory, and the answers `scan` gives. All sizes are fixed but the heap at the end, which holds
// the routes' names and histograms and grows by the caller's hand.

export const KEY_SIZE: usize = 256;
export const MAX_KEYS: u32 = 96;
export const MAX_KEY: u32 = 64;
export const MAX_TEMPLATES: u32 = 8;
export const MAX_ROUTES: u32 = 4096;
export const MAX_NAME: u32 = 1024;
export const MAX_MINUTES: u32 = 4096;
export const HISTOGRAM: usize = 4096;
/** A template: how many keys, the key's address for each role, a number of its own, then the keys. */
export const HEAD_SIZE: usize = 64;
export const TEMPLATE_SERIAL: usize = 60;
export const TEMPLATE_SIZE: usize = HEAD_SIZE + KEY_SIZE * MAX_KEYS;
/** Slots of the two hash tables: twice as many as entries, so that probes stay short. */
export const ROUTE_SLOTS: u32 = 2 * MAX_ROUTES;
export const MINUTE_SLOTS: u32 = 2 * MAX_MINUTES;
export const MINUTE_SIZE: usize = 40;
export const MAX_ALIKE: u32 = 16384;
export const MAX_HOSTS: u32 = 16384;
/** What is known of a name or key, before its bytes. */
export const ENTRY_SIZE: usize = 16;
/** A slot of a table of names: the entry, and the hash of its name. */
export const SLOT_SIZE: usize = 8;
/** Failing lines that wait for the caller; and what is said of each (alike.ts). */
export const MAX_EVENTS: u32 = 4096;
/** As many while cells are counted in. */
export const MAX_EVENTS_BESIDE: u32 = 128;
export const EVENT_SIZE: usize = 48;
/** Edges of buckets (buckets.ts), which the caller says: how many, and then each; 8 bytes all. */
export const EDGES_SIZE: usize = 8 * 72;
/** Room for the lines of those that wait while the block gets new bytes. */
export const KEPT_SIZE: usize = 64 * 1024;
/** How many bytes are read at once; as many of a line that began before them are kept. */
export const READ_SIZE: usize = 512 * 1024;

/** In a key's entry: its length, and where its value in the last line begins and ends. */
export const KEY_LENGTH: usize = 96;
/** Where its last 16 bytes begin. */
export const KEY_TAIL: usize = 112;
/** All of it. */
export const KEY_BYTES: usize = 128;
export const VALUE_FROM: usize = 100;
export const VALUE_PAST: usize = 104;
/** What the value tells of a failing request (below). */
export const KEY_USE: usize = 108;

/** The text `null`: where the value of an absent key is said to be. */
export const ABSENT: usize = 0x400;
/** The entry of a key that a template lacks. */
export const NO_KEY: usize = 0x800;
/** What the caller hands over: one key. */
export const SCRATCH: usize = 0x440;
export const AGENTS: usize = 0x600;
/** 16 bytes of ones, then 16 of zeros: a load in between is a mask. */
export const MASKS: usize = 0x680;
/** How many lines were seen: to read a number in memory is cheaper than to ask for a global. */
export const LINES: usize = 0x6b8;
/** Bytes of a line that goes on in the next block: they end where that is read to. */
export const CARRIED: usize = 0x6bc;
/** Bytes that are compared with. */
export const BYTES: usize = 0x6c0;
export const TEMPLATES: usize = 0x1000;
/** Of the values of Istio's text lines. */
export const TEXT_TEMPLATE: usize = TEMPLATES + TEMPLATE_SIZE * MAX_TEMPLATES;
export const ROUTE_TABLE: usize = TEXT_TEMPLATE + TEMPLATE_SIZE;
/** The entries' addresses. */
export const ROUTES: usize = ROUTE_TABLE + SLOT_SIZE * ROUTE_SLOTS;
export const ALIKE_TABLE: usize = ROUTES + 4 * MAX_ROUTES;
export const HOST_TABLE: usize = ALIKE_TABLE + SLOT_SIZE * 2 * MAX_ALIKE;
export const EVENTS: usize = HOST_TABLE + SLOT_SIZE * 2 * MAX_HOSTS;
/** The key of the failing line at hand. */
export const ALIKE_KEY: usize = EVENTS + EVENT_SIZE * MAX_EVENTS;
export const MAX_ALIKE_KEY: u32 = 2048;
export const MINUTES: usize = ALIKE_KEY + MAX_ALIKE_KEY + 1024;
/** One bit a byte of the block: everything that is not printable ASCII or is a blank. */
export const BLANKS: usize = MINUTES + MINUTE_SIZE * MINUTE_SLOTS;
export const BLOCK: usize = (BLANKS + 2 * READ_SIZE / 8 + 64 + 63) & ~63;
/** Where new bytes go, always: what is carried over lies before it. */
export const READ: usize = BLOCK + READ_SIZE;
/** Where the block's quotes, backslashes and control bytes are, in their order: 4 bytes each, at the worst one for every byte of it. Loads run up to
 * 64 bytes past a block's end. */
export const PLACES: usize = READ + READ_SIZE + 128;
/** Latencies that were not added up yet: the place of a count, and by how much it grows. */
export const WAITING: usize = PLACES + 4 * (2 * READ_SIZE + 128);
export const WAITING_SIZE: usize = 8;
export const MAX_WAITING: usize = 1024;
export const KEPT: usize = WAITING + WAITING_SIZE * MAX_WAITING;
export const DURATION_EDGES: usize = KEPT + KEPT_SIZE;
export const AGE_EDGES: usize = DURATION_EDGES + EDGES_SIZE;
/** How many of each kind of samples were met, and the number of the next to keep; the caller's (sampler.ts), counted in here too. */
export const SAMPLE_KINDS: u32 = 241;
export const MET: usize = AGE_EDGES + EDGES_SIZE;
export const NEXT: usize = MET + 4 * <usize>SAMPLE_KINDS;
/** What was counted of failing requests that differ in nothing but how long they took (cells.ts). */
export const CELL_SIZE: usize = 32;
export const CELL_SLOTS: u32 = 4096;
export const CELLS: usize = (NEXT + 4 * <usize>SAMPLE_KINDS + 63) & ~63;
/** Where those that there are lie. */
export const CELL_LIST: usize = CELLS + CELL_SIZE * CELL_SLOTS;
export const HEAP: usize = CELL_LIST + 4 * <usize>(CELL_SLOTS / 2);

/** Every line up to the end was counted. */
export const DONE: i32 = 0;
/** The line at lineStart must be read in full. */
export const SLOW: i32 = 1;
/** So must this one, and its keys are those of no template. */
export const NEW_SHAPE: i32 = 2;
/** These two are plain but for a name or a minute that is not in the tables. */
export const NEW_ROUTE: i32 = 3;
export const NEW_MINUTE: i32 = 4;
/** All was counted, and what waits must be taken before the block gets new bytes. */
export const FULL: i32 = 5;

// What a key's value means to the scan.
export const STATUS: u32 = 1;
export const FLAGS: u32 = 2;
export const GRPC: u32 = 3;
export const ATTEMPTS: u32 = 4;
export const DURATION: u32 = 5;
export const ROUTE: u32 = 6;
export const TIME: u32 = 7;
export const AGENT: u32 = 8;
export const LOG_TYPE: u32 = 9;
export const WEIGHT: u32 = 10;

// What a key's value tells of a failing request: what it is among others, or what happened to it.
/** All of it tells requests apart. */
export const WORDS: u32 = 1;
/** Whether there is any tells them apart. */
export const PRESENCE: u32 = 2;
/** The same of a number. */
export const DIGITS: u32 = 3;
/** The same as WORDS; a route or a backend. */
export const NAME: u32 = 4;
/** The same as WORDS; the response code details. */
export const REASON: u32 = 5;
export const TOOK: u32 = 6;
export const AGED: u32 = 7;
export const STANDS: u32 = 8;
export const BEGAN: u32 = 9;
export const HOST: u32 = 10;
export const ASKS: u32 = 11;
