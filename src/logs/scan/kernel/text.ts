import { compare, notCompared } from './alike';
import { cursor, moveTo, nextBlank } from './bits';
import { NONE, count, probes } from './count';
import { leading, nibbles, pastDigits, value } from './digits';
import {
  BEGAN, DIGITS, DONE, HEAD_SIZE, HOST, KEY_SIZE, KEY_USE, NAME, NEW_SHAPE, PRESENCE, REASON, SLOW, TEMPLATES, TEMPLATE_SERIAL, TEMPLATE_SIZE,
  TEXT_TEMPLATE, TOOK, VALUE_FROM, VALUE_PAST, WORDS,
} from './layout';

/** What requests are grouped by. */
export const BY_ROUTE: u32 = 0;
export const BY_BACKEND: u32 = 1;
export const BY_AUTHORITY: u32 = 2;

let group: u32 = 0;
let envoy: bool = false;
let istio: bool = false;

export function beginText(by: u32): void {
  group = by;
  envoy = false;
  istio = false;
}

/** From now on lines of this layout may be counted here: the caller has read one of them. `compared` where failing ones may be alike. */
export function allowText(isIstio: bool, compared: bool): void {
  if (!isIstio) {
    envoy = true;
    return;
  }
  istio = true;
  store<u32>(TEXT_TEMPLATE, COMPARED);
  // A template's own number is never this one.
  store<u32>(TEXT_TEMPLATE, 0xffffffff, TEMPLATE_SERIAL);
  use(0, BEGAN, compared);
  use(1, PRESENCE, compared);
  use(2, PRESENCE, compared);
  use(3, WORDS, compared);
  use(4, WORDS, compared);
  use(5, REASON, compared);
  use(6, WORDS, compared);
  use(7, TOOK, compared);
  use(8, DIGITS, compared);
  use(9, HOST, compared);
  use(10, NAME, compared);
  use(11, PRESENCE, compared);
  use(12, NAME, compared);
}

/** Values of a failing line that may be compared: time, method, path, status, flags, details, transport failure, duration, service time, host,
 * cluster, local address, route. The user agent is looked at here. */
const COMPARED: u32 = 13;

function use(key: usize, what: u32, compared: bool): void {
  store<u32>(TEXT_TEMPLATE + HEAD_SIZE + key * KEY_SIZE, compared ? what : 0, KEY_USE);
}

/** A value of the failing line at hand. */
// @ts-ignore: decorator
@inline
function says(key: usize, from: usize, past: usize): void {
  store<u32>(TEXT_TEMPLATE + HEAD_SIZE + key * KEY_SIZE, <u32>from, VALUE_FROM);
  store<u32>(TEXT_TEMPLATE + HEAD_SIZE + key * KEY_SIZE, <u32>past, VALUE_PAST);
}

/** The place of one of the line's specials. */
// @ts-ignore: decorator
@inline
function place(number: usize): usize {
  return <usize>load<u32>(cursor + (number << 2));
}

// @ts-ignore: decorator
@inline
function isBlank(p: usize): bool {
  return load<u8>(p) == 0x20;
}

/** Past a number or `-` and its blank, or 0. */
// @ts-ignore: decorator
@inline
function pastNumber(p: usize): usize {
  const end = load<u8>(p) == 0x2d ? p + 1 : pastDigits(p);
  return end != p && isBlank(end) ? end + 1 : 0;
}

/** `" "` at p. */
// @ts-ignore: decorator
@inline
function between(p: usize): bool {
  return (load<u32>(p) & 0xffffff) == 0x222022;
}

/** A status: up to three digits or `-`. */
// @ts-ignore: decorator
@inline
function isStatus(p: usize, length: u32): bool {
  return length - 1 < 3 && (leading(nibbles(p)) >= length || (length == 1 && load<u8>(p) == 0x2d));
}

/**
 * Counts the line at p, the caller's `line`th, if it is in Envoy's default layout or Istio's, with exactly the quotes those have, no byte above
 * ASCII outside the free text, and a plain request, or in Istio's a known one: then the expressions of read/text.ts can match in one way only.
 * Whether a format may be used here is for the caller to say; what is not certain is left to it.
 */
export function text(p: usize, line: u32): i32 {
  notCompared();
  if ((load<u32>(p, 25) & 0xffffff) != 0x22205d || load<u8>(p, 11) != 0x54 || place(0) != p + 27) return SLOW;
  // "METHOD PATH PROTOCOL": two blanks and no quote.
  const request = place(1);
  const b1 = nextBlank(p + 28);
  const b2 = nextBlank(b1 + 1);
  if (b2 >= request || !isBlank(b1) || !isBlank(b2) || nextBlank(b2 + 1) != request + 1) return SLOW;
  // STATUS FLAGS
  const status = request + 2;
  if (load<u8>(request) != 0x22 || !isBlank(request + 1)) return SLOW;
  const statusEnd = nextBlank(status);
  const flagsEnd = nextBlank(statusEnd + 1);
  if (!isBlank(statusEnd) || !isBlank(flagsEnd) || !isStatus(status, <u32>(statusEnd - status))) return SLOW;
  const healthy =
    statusEnd == status + 3 && <u32>load<u8>(status) - 0x31 <= 2 && flagsEnd == statusEnd + 2 && load<u8>(statusEnd, 1) == 0x2d;

  const rest = flagsEnd + 1;
  let p1 = rest;
  const c1 = nextBlank(rest);
  const c2 = nextBlank(c1 + 1);
  if (!isBlank(c1) || !isBlank(c2)) return SLOW;
  const isIstio = load<u8>(c2, 1) == 0x22;
  /** Specials before the addresses and names. */
  let before: usize = 2;
  let transportEnd: usize = 0;
  if (isIstio) {
    // DETAILS TERMINATION "TRANSPORT-FAILURE"
    if (place(2) != c2 + 1) return SLOW;
    transportEnd = place(3);
    if (load<u8>(transportEnd) != 0x22 || !isBlank(transportEnd + 1)) return SLOW;
    p1 = transportEnd + 2;
    before = 4;
  }
  if (isIstio ? !istio : !envoy) return NEW_SHAPE;
  if (isIstio ? c1 == rest || flagsEnd == statusEnd + 1 : !healthy) return SLOW;
  // RX TX DURATION SERVICE-TIME "
  const p2 = pastNumber(p1);
  if (p2 == 0) return SLOW;
  const p3 = pastNumber(p2);
  if (p3 == 0) return SLOW;
  let duration: u32 = NONE;
  const p4 = pastNumber(p3);
  if (p4 == 0) return SLOW;
  if (load<u8>(p3) != 0x2d) {
    const length = <u32>(p4 - 1 - p3);
    if (length > 8) return SLOW;
    duration = value(nibbles(p3), length);
  }
  const s = nextBlank(p4);
  if (s == p4 || !isBlank(s) || load<u8>(s, 1) != 0x22 || place(before) != s + 1) return SLOW;
  // "FORWARDED-FOR" "USER-AGENT" "REQUEST-ID" "AUTHORITY" "HOST"
  const q1 = place(before + 1);
  const q2 = place(before + 3);
  const q3 = place(before + 5);
  const q4 = place(before + 7);
  const q5 = place(before + 9);
  if (!between(q1) || !between(q2) || !between(q3) || !between(q4) || load<u8>(q5) != 0x22) return SLOW;
  if (probes(q1 + 3)) return SLOW;

  let end = q5 + 1;
  let name = q3 + 3;
  let length = <u32>(q4 - name);
  if (isIstio) {
    // CLUSTER LOCAL DOWNSTREAM-LOCAL DOWNSTREAM-REMOTE SERVER-NAME ROUTE
    if (!isBlank(end)) return SLOW;
    const cluster = end + 1;
    let token = cluster;
    let clusterEnd: usize = 0;
    let localEnd: usize = 0;
    for (let i = 0; i < 5; i++) {
      const b = nextBlank(token);
      if (b == token || !isBlank(b)) return SLOW;
      if (i == 0) clusterEnd = b;
      if (i == 1) localEnd = b;
      token = b + 1;
    }
    end = nextBlank(token);
    if (end == token || place(before + 10) != end) return SLOW;
    if (!healthy) {
      says(0, p + 1, p + 25);
      says(1, p + 28, b1);
      says(2, b1 + 1, b2);
      says(3, status, statusEnd);
      says(4, statusEnd + 1, flagsEnd);
      says(5, rest, c1);
      says(6, c2 + 2, transportEnd);
      says(7, p3, p4 - 1);
      says(8, p4, s);
      says(9, q4 + 3, q5);
      says(10, cluster, clusterEnd);
      says(11, clusterEnd + 1, localEnd);
      says(12, token, end);
    }
    if (group == BY_ROUTE) {
      name = token;
      length = <u32>(end - token);
    } else if (group == BY_BACKEND) {
      name = cluster;
      length = <u32>(clusterEnd - cluster);
    }
  } else if (group == BY_ROUTE || group == BY_BACKEND) length = 0;
  let last = before + 10;
  if (load<u8>(end) == 0x0d) {
    end++;
    last++;
  }
  if (load<u8>(end) != 0x0a || place(last) != end) return SLOW;
  const result = healthy ? count(name, length, p + 1, duration, 1) : compare(TEXT_TEMPLATE, p, end, line, true, name, length);
  if (result == DONE) moveTo(cursor + (last << 2));
  return result;
}
