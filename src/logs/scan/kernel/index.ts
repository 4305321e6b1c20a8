import { forget as forgetPlaces, index, indexed, newline, pastLine } from './bits';
import { addAgent, begin as beginCount } from './count';
import { clearAlike, keepEvents, notCompared } from './alike';
import { beginCells } from './cells';
import { clearJson, json, matched, noShape } from './json';
import { CARRIED, DONE, FULL, LINES, READ, READ_SIZE, SLOW } from './layout';
import { clearMinutes } from './minutes';
import { clearRoutes } from './routes';
import { clearHeap } from './strings';
import { clearTemplates } from './templates';
import { beginText, text } from './text';

export {
  ABSENT, AGED, AGENT, AGE_EDGES, ASKS, ATTEMPTS, BEGAN, CARRIED, CELL_LIST, DIGITS, DONE, DURATION, DURATION_EDGES, ENTRY_SIZE, EVENTS, EVENT_SIZE, FLAGS, FULL, GRPC, HEAD_SIZE, HEAP,
  HOST, KEY_SIZE, LINES, LOG_TYPE, MAX_KEY, MAX_KEYS, MAX_TEMPLATES, MET, MINUTES, MINUTE_SIZE, MINUTE_SLOTS, NAME, NEW_MINUTE, NEW_ROUTE, NEW_SHAPE,
  PRESENCE, READ, READ_SIZE, REASON, ROUTE, ROUTES, SAMPLE_KINDS, SCRATCH, SLOW, STANDS, STATUS, TEMPLATES, TEMPLATE_SIZE, TIME, TOOK, VALUE_FROM, WEIGHT, WORDS,
} from './layout';
export { addRoute, routeCount, routeNeeds, settle } from './routes';
export { CUT, INSIDE, OUTSIDE, addMinute, clearMinutes } from './minutes';
export { addKey, beginTemplate } from './templates';
export { leftOut, nameLength, nameStart, outside, weighted } from './count';
export { BY_AUTHORITY, BY_BACKEND, BY_ROUTE, allowText } from './text';
export { addAgent, matched };
export { cellCount } from './cells';
export { beginCells };
export { COUNTED, WANTED, alikeNeeds, clearEvents, eventCount, hostFrom, hostLength, hostNeeds, learnAlike, learnHost } from './alike';

/** The line scan stopped at, without its newline. */
export let lineStart: usize = 0;
export let lineEnd: usize = 0;
/** Lines seen since begin, that one included; said in memory as well. */
let lines: u32 = 0;
let blanks: bool = false;

/** Forgets everything; `group` and the window are the new question's. */
export function begin(group: u32, bounded: bool): void {
  beginCount(bounded);
  beginText(group);
  clearJson();
  clearTemplates();
  clearHeap();
  clearRoutes();
  clearAlike();
  beginCells(Infinity, -Infinity, 0);
  clearMinutes();
  lines = 0;
  store<u32>(LINES, 0);
  blanks = false;
}

/** Text lines follow: their blanks must be indexed. */
export function wantBlanks(): void {
  blanks = true;
  forgetPlaces();
}

/**
 * Counts lines from `from` until one must be read in full, and says why; `to` is where what was read ends. `fresh` when the block has new bytes. At the end
 * the lines that wait are kept, unless there is no room (FULL), and what there is of a line that goes on is carried over: all that is to be done for a block
 * is one call, for each costs a walk through cold caches.
 */
export function scan(from: usize, to: usize, fresh: bool): i32 {
  if (fresh) {
    forgetPlaces();
    // What is left there of the block before must not end the last line.
    memory.fill(to, 0, 64);
  }
  let p = from;
  while (p < to) {
    if (p >= indexed) index(p, to, blanks);
    const c = load<u8>(p);
    let result: i32 = SLOW;
    if (c == 0x7b) result = json(p, lines + 1);
    else if (c == 0x5b && blanks) {
      noShape();
      result = text(p, lines + 1);
    } else {
      noShape();
      notCompared();
      if (c == 0x0a) result = DONE;
    }
    if (result == DONE) {
      lines++;
      p = pastLine();
      continue;
    }
    const end = newline();
    if (end == 0) {
      if (indexed >= to) break;
      // Only the line's beginning is indexed.
      index(p, to, blanks);
      continue;
    }
    lines++;
    store<u32>(LINES, lines);
    lineStart = p;
    lineEnd = end;
    return result;
  }
  store<u32>(LINES, lines);
  rest = p;
  past = to;
  if (!keepEvents()) return FULL;
  carry();
  return DONE;
}

/** What is left of the block once all that waits was taken or kept. */
let rest: usize = 0;
let past: usize = 0;

/** Moves the line that goes on to before the next block; when it is too long for that, it stays where it is. */
export function carry(): void {
  const length = past - rest;
  store<u32>(CARRIED, <u32>length);
  if (length <= READ_SIZE) memory.copy(READ - length, rest, length);
}
