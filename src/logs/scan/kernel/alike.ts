import { NO_NUMBER, UNSET_NUMBER, partOf } from './buckets';
import { countCell, counting } from './cells';
import { probes, stopAtMinute, stopAtName } from './count';
import { nibbles, value } from './digits';
import {
  ABSENT, AGED, AGE_EDGES, ALIKE_KEY, ALIKE_TABLE, ASKS, BEGAN, DIGITS, DONE, DURATION_EDGES, EVENTS, EVENT_SIZE, ENTRY_SIZE, HEAD_SIZE, HOST,
  HOST_TABLE, KEPT, KEPT_SIZE, KEY_SIZE, KEY_USE, MAX_ALIKE, MAX_ALIKE_KEY, MAX_EVENTS, MAX_EVENTS_BESIDE, MAX_HOSTS, MET, NAME, NEW_MINUTE, NEXT,
  PRESENCE, REASON, SLOT_SIZE, SLOW, STANDS, TEMPLATE_SERIAL, TOOK,
} from './layout';
import { INSIDE, countMinute, kindOf, millisOf, minuteOf, startOf } from './minutes';
import { countLatency, countRoute, routeNeeds, routeOf } from './routes';
import { enter, find, reachOf } from './strings';
import { from, integer, lengthOf, unset } from './values';

// Failing requests are alike when everything that tells them apart is the same: it is copied into one key of bytes. Only the first of its
// kind is the caller's to read; of the others it gets a number and what happened to each. An event: the number, the host's, duration, age
// and weight, the line's number, where it begins and ends, its time, its state, and what the buckets of its duration and age are in a code
// (signature-counts.ts: partsOf).

/** Requests that wait for the caller. */
export let eventCount: u32 = 0;
/** Those whose lines are out of the block, and how far these reach. */
let keptCount: u32 = 0;
let keptPast: usize = KEPT;
/** All that wait are counted among the samples here, but for those that may be one. */
let sampled = true;
/** An event's state: it is in the totals already; it may be a sample. */
export const COUNTED: u32 = 1;
export const WANTED: u32 = 2;
/** Bytes of the key of the last line that could be compared; 0 when it could not. */
let keyLength: u32 = 0;
/** Its host, when that has no number yet. */
export let hostFrom: usize = 0;
export let hostLength: u32 = 0;
let alikeCount: u32 = 0;
let hostCount: u32 = 0;

export function clearAlike(): void {
  if (alikeCount > 0) memory.fill(ALIKE_TABLE, 0, SLOT_SIZE * 2 * MAX_ALIKE);
  if (hostCount > 0) memory.fill(HOST_TABLE, 0, SLOT_SIZE * 2 * MAX_HOSTS);
  alikeCount = 0;
  hostCount = 0;
  clearEvents();
  notCompared();
}

/** The line at hand is like no other. */
export function notCompared(): void {
  keyLength = 0;
  hostLength = 0;
}

/** The caller has taken the events. */
export function clearEvents(): void {
  eventCount = 0;
  keptCount = 0;
  keptPast = KEPT;
  sampled = true;
}

/**
 * Keeps the lines of what waits, because the block gets new bytes. False when there is no room: the caller takes it now. A caller that comes for
 * many at once finds its own code and tables in the caches after the first.
 */
export function keepEvents(): bool {
  for (; keptCount < eventCount; keptCount++) {
    const event = EVENTS + <usize>keptCount * EVENT_SIZE;
    const start = <usize>load<u32>(event, 24);
    const length = <usize>load<u32>(event, 28) - start;
    if (length > KEPT + KEPT_SIZE - keptPast) return false;
    memory.copy(keptPast, start, length);
    store<u32>(event, <u32>keptPast, 24);
    keptPast += length;
    store<u32>(event, <u32>keptPast, 28);
  }
  return true;
}

/** Whether a value is there: 0 the key is not, 1 unset, 2 set. */
// @ts-ignore: decorator
@inline
function presence(key: usize, text: bool): u32 {
  if (text) return lengthOf(key) == 0 || (lengthOf(key) == 1 && load<u8>(from(key)) == 0x2d) ? 1 : 2;
  return from(key) == ABSENT ? 0 : unset(key) ? 1 : 2;
}

/**
 * The line from `start` to `past`, whose values, JSON's or those of a text, were found and which is not plain: an event when its like is known.
 * Where the name that it is grouped by is known too, it is counted towards that name's totals here; `name` is 0 where that is the caller's.
 */
export function compare(template: usize, start: usize, past: usize, line: u32, text: bool, name: usize, nameLength: u32): i32 {
  notCompared();
  let at = ALIKE_KEY;
  store<u32>(at, load<u32>(template, TEMPLATE_SERIAL));
  at += 4;
  let named = false;
  let took = NO_NUMBER;
  let aged = NO_NUMBER;
  let stands = NO_NUMBER;
  let time: f64 = NaN;
  let minute: usize = 0;
  let millis: u32 = 0;
  let hostKey: usize = 0;
  const end = template + HEAD_SIZE + <usize>load<u32>(template) * KEY_SIZE;
  for (let key = template + HEAD_SIZE; key < end; key += KEY_SIZE) {
    const use = load<u32>(key, KEY_USE);
    if (use == 0) continue;
    const there = presence(key, text);
    if (use <= REASON) {
      if (use == DIGITS && there == 2 && integer(key) == 0) return SLOW;
      // Without it the size of the reply would tell them apart.
      if (use == REASON && there == 0) return SLOW;
      store<u8>(at, <u8>there);
      at++;
      if (there == 0 || use == PRESENCE || use == DIGITS) continue;
      if (use == NAME) named = true;
      const length = lengthOf(key);
      if (length > MAX_ALIKE_KEY || at + length > ALIKE_KEY + MAX_ALIKE_KEY) return SLOW;
      copy(at, from(key), length);
      at += length;
    } else if (use == HOST) {
      // How far a request got is told by whether there is a host, whichever it is.
      store<u8>(at, <u8>there);
      at++;
      hostKey = key;
    } else if (use == ASKS) {
      if (there == 2 && probes(from(key) + 1)) return SLOW;
    } else if (use == BEGAN) {
      if (there == 1) time = Infinity;
      if (there != 2) continue;
      const began = text ? from(key) : from(key) + 1;
      if (!text && (load<u8>(began - 1) != 0x22 || lengthOf(key) != 26)) return SLOW;
      millis = millisOf(began);
      if (millis >= 60000) return SLOW;
      minute = minuteOf(began);
      if (minute == 0) return stopAtMinute(began);
      if (kindOf(minute) != INSIDE) return SLOW;
      time = startOf(minute) + <f64>millis;
    } else {
      let number = there == 0 ? NO_NUMBER : UNSET_NUMBER;
      if (there == 2) {
        const digits = integer(key);
        if (digits == 0) return SLOW;
        number = value(nibbles(<usize>(digits & 0xffffffff)), <u32>(digits >> 32));
      }
      if (use == TOOK) took = number;
      else if (use == AGED) aged = number;
      else stands = number;
    }
  }
  // Without either the host asked for would tell them apart.
  if (!named) return SLOW;
  keyLength = <u32>(at - ALIKE_KEY);
  const host = hostKey == 0 ? NO_NUMBER : numberOfHost(hostKey, text);
  const known = find(ALIKE_TABLE, 2 * MAX_ALIKE, ALIKE_KEY, keyLength);
  if (known == 0 || hostLength > 0 || eventCount >= (counting() ? MAX_EVENTS_BESIDE : MAX_EVENTS)) return SLOW;
  const how = load<u32>(known, 8);
  const parts = (partOf(DURATION_EDGES, took) | (partOf(AGE_EDGES, aged) << 8)) & (how >> 8);
  let state: u32 = 0;
  if ((how & 1) != 0 && name != 0 && minute != 0 && stands >= UNSET_NUMBER) {
    const route = routeOf(name, nameLength);
    // One that no healthy line has, as that of requests without a route.
    if (route == 0 && routeNeeds(nameLength) != 0) return stopAtName(name, nameLength);
    if (route != 0) {
      countRoute(route, 1);
      if (took < UNSET_NUMBER) countLatency(route, took, 1);
      countMinute(minute, millis, 1);
      state = COUNTED;
      const kind = <usize>load<u32>(known, 12) << 2;
      const met = load<u32>(MET + kind) + 1;
      if (sampled && met < load<u32>(NEXT + kind)) {
        store<u32>(MET + kind, met);
        if (countCell(load<u32>(known, 4), host, parts, time, took, aged)) return DONE;
      } else state = COUNTED | WANTED;
    }
  }
  // The caller counts this one among the samples, and so must all that follow it.
  if (state == 0) sampled = false;
  const event = EVENTS + <usize>eventCount * EVENT_SIZE;
  store<u32>(event, load<u32>(known, 4));
  store<u32>(event, host, 4);
  store<u32>(event, took, 8);
  store<u32>(event, aged, 12);
  store<u32>(event, stands, 16);
  store<u32>(event, line, 20);
  store<u32>(event, <u32>start, 24);
  store<u32>(event, <u32>past, 28);
  store<f64>(event, time, 32);
  store<u32>(event, state, 40);
  store<u32>(event, parts, 44);
  eventCount++;
  return DONE;
}

/** Up to 15 bytes more than asked are written: the next value overwrites them. */
// @ts-ignore: decorator
@inline
function copy(to: usize, p: usize, length: u32): void {
  for (let i: usize = 0; i < length; i += 16) v128.store(to + i, v128.load(p + i));
}

function numberOfHost(key: usize, text: bool): u32 {
  const there = presence(key, text);
  if (there != 2) return there == 0 ? NO_NUMBER : UNSET_NUMBER;
  const quoted: usize = !text && load<u8>(from(key)) == 0x22 ? 1 : 0;
  const name = from(key) + quoted;
  const length = lengthOf(key) - 2 * <u32>quoted;
  const known = find(HOST_TABLE, 2 * MAX_HOSTS, name, length);
  if (known != 0) return load<u32>(known, 4);
  hostFrom = name;
  hostLength = length;
  return NO_NUMBER;
}

/** How far the memory must reach to remember the line at hand; 0 when it can't be, or is. */
export function alikeNeeds(): usize {
  if (keyLength == 0 || alikeCount >= MAX_ALIKE) return 0;
  return find(ALIKE_TABLE, 2 * MAX_ALIKE, ALIKE_KEY, keyLength) == 0 ? reachOf(ENTRY_SIZE + keyLength) : 0;
}

/**
 * Lines like the one at hand go by this number; `kind` is theirs among the samples. `how`: 1 when they count towards the totals of a name, and from bit 8
 * on the bits of a code's buckets that tell them apart.
 */
export function learnAlike(number: u32, how: u32, kind: u32): void {
  const entry = enter(ALIKE_TABLE, 2 * MAX_ALIKE, ALIKE_KEY, keyLength);
  store<u32>(entry, number, 4);
  store<u32>(entry, how, 8);
  store<u32>(entry, kind, 12);
  alikeCount++;
}

/** How far the memory must reach to remember its host; 0 when that has a number, or there are too many. */
export function hostNeeds(): usize {
  return hostLength == 0 || hostCount >= MAX_HOSTS ? 0 : reachOf(ENTRY_SIZE + hostLength);
}

/** The number that the host goes by from now on: they count from 0. */
export function learnHost(): u32 {
  store<u32>(enter(HOST_TABLE, 2 * MAX_HOSTS, hostFrom, hostLength), hostCount, 4);
  return hostCount++;
}
