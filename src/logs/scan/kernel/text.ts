import { compare, notCompared } from './alike';
import { cursor, moveTo, nextBlank, nextBlankOf } from './bits';
import { NONE, count, probes } from './count';
import { leading, nibbles, pastDigits, value } from './digits';
import {
  BEGAN, DIGITS, DONE, HEAD_SIZE, HOST, KEY_SIZE, KEY_USE, NAME, NEW_SHAPE, PRESENCE, REASON, SLOW, TEMPLATES, TEMPLATE_SERIAL, TEMPLATE_SIZE,
  TEXT_TEMPLATE, TOOK, WORDS,
} from './layout';
import { says } from './values';

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
function keep(number: usize, from: usize, past: usize): void {
  says(TEXT_TEMPLATE + HEAD_SIZE + number * KEY_SIZE, from, past);
}

/** The place of one of the line's specials. */
// @ts-ignore: decorator
@inline
function place(number: usize): usize {
  return <usize>load<u32>(cursor + (number << 2));
}

// What must be of a line is added up, and asked about once: a branch for each cost as much as all the rest. 0 is as it must be.

/** A blank at p. */
// @ts-ignore: decorator
@inline
function noBlank(p: usize): u32 {
  return load<u8>(p) ^ 0x20;
}

/** `" "` at p. */
// @ts-ignore: decorator
@inline
function notBetween(p: usize): u32 {
  return (load<u32>(p) & 0xffffff) ^ 0x222022;
}

/** A number of up to 8 digits, or `-`. */
// @ts-ignore: decorator
@inline
function notShort(p: usize, end: usize): u32 {
  const length = <u32>(end - p);
  const digits = <u32>(length - 1 < 8) & <u32>(leading(nibbles(p)) >= length);
  return digits | (<u32>(length == 1) & <u32>(load<u8>(p) == 0x2d)) ? 0 : 1;
}

/** A number of any length, or `-`. */
// @ts-ignore: decorator
@inline
function isNumber(p: usize, end: usize): bool {
  return end != p && (pastDigits(p) == end || (end == p + 1 && load<u8>(p) == 0x2d));
}

/**
 * Counts the line at p, the caller's `line`th, if it is in Envoy's default layout or Istio's, with exactly the quotes those have, no byte above
 * ASCII outside the free text, and a plain request, or in Istio's a known one: then the expressions of read/text.ts can match in one way only.
 * Whether a format may be used here is for the caller to say; what is not certain is left to it. A part that is missing is looked for in the
 * lines after this one, no further than the seven parts that follow.
 */
export function text(p: usize, line: u32): i32 {
  notCompared();
  // [TIME] "METHOD PATH PROTOCOL" STATUS FLAGS
  const request = place(1);
  const b1 = nextBlank(p + 28);
  const b2 = nextBlank(b1 + 1);
  const b3 = nextBlank(b2 + 1);
  const status = request + 2;
  const statusEnd = nextBlank(status);
  const flagsEnd = nextBlank(statusEnd + 1);
  const statusLength = <u32>(statusEnd - status);
  let odd = (load<u32>(p, 25) & 0xffffff) ^ 0x22205d;
  odd |= load<u8>(p, 11) ^ 0x54;
  odd |= <u32>(place(0) ^ (p + 27));
  odd |= <u32>(b2 >= request) | <u32>(b3 ^ (request + 1));
  odd |= noBlank(b1) | noBlank(b2) | (load<u16>(request) ^ 0x2022);
  odd |= noBlank(statusEnd) | noBlank(flagsEnd) | <u32>(statusLength > 3) | notShort(status, statusEnd);
  const healthy =
    <u32>(statusLength == 3) &
    <u32>(<u32>load<u8>(status) - 0x31 <= 2) &
    <u32>(flagsEnd == statusEnd + 2) &
    <u32>(load<u8>(statusEnd, 1) == 0x2d);

  const rest = flagsEnd + 1;
  const c1 = nextBlank(rest);
  const c2 = nextBlank(c1 + 1);
  odd |= noBlank(c1) | noBlank(c2);
  const isIstio = load<u8>(c2, 1) == 0x22;
  if (odd) return SLOW;
  if (isIstio ? !istio : !envoy) return NEW_SHAPE;
  let p1 = rest;
  /** Specials before the addresses and names. */
  let before: usize = 2;
  const transportEnd = place(3);
  if (isIstio) {
    // DETAILS TERMINATION "TRANSPORT-FAILURE"
    odd = <u32>(place(2) ^ (c2 + 1)) | (load<u16>(transportEnd) ^ 0x2022);
    odd |= <u32>(c1 == rest) | <u32>(flagsEnd == statusEnd + 1);
    p1 = transportEnd + 2;
    before = 4;
  } else odd = healthy ^ 1;
  // RX TX DURATION SERVICE-TIME "
  const p2 = nextBlank(p1);
  const p3 = nextBlank(p2 + 1);
  const p4 = nextBlank(p3 + 1);
  const s = nextBlank(p4 + 1);
  odd |= noBlank(p2) | noBlank(p3) | noBlank(p4) | (load<u16>(s) ^ 0x2220);
  odd |= <u32>(s == p4 + 1) | <u32>(place(before) ^ (s + 1)) | notShort(p3 + 1, p4);
  if (notShort(p1, p2) | notShort(p2 + 1, p3)) odd |= <u32>!isNumber(p1, p2) | <u32>!isNumber(p2 + 1, p3);
  const duration = load<u8>(p3, 1) == 0x2d ? NONE : value(nibbles(p3 + 1), <u32>(p4 - p3 - 1));
  // "FORWARDED-FOR" "USER-AGENT" "REQUEST-ID" "AUTHORITY" "HOST"
  const q1 = place(before + 1);
  const q2 = place(before + 3);
  const q3 = place(before + 5);
  const q4 = place(before + 7);
  const q5 = place(before + 9);
  odd |= notBetween(q1) | notBetween(q2) | notBetween(q3) | notBetween(q4) | (load<u8>(q5) ^ 0x22);
  if (odd) return SLOW;
  if (probes(q1 + 3)) return SLOW;

  let end = q5 + 1;
  let name = q3 + 3;
  let length = <u32>(q4 - name);
  if (isIstio) {
    // CLUSTER LOCAL DOWNSTREAM-LOCAL DOWNSTREAM-REMOTE SERVER-NAME ROUTE
    const cluster = q5 + 2;
    const e1 = nextBlank(cluster);
    const e2 = nextBlank(e1 + 1);
    const e3 = nextBlank(e2 + 1);
    const e4 = nextBlank(e3 + 1);
    const e5 = nextBlank(e4 + 1);
    const token = e5 + 1;
    end = place(before + 10);
    odd = noBlank(q5 + 1) | noBlank(e1) | noBlank(e2) | noBlank(e3) | noBlank(e4) | noBlank(e5);
    odd |= <u32>(e1 == cluster) | <u32>(e2 == e1 + 1) | <u32>(e3 == e2 + 1) | <u32>(e4 == e3 + 1);
    odd |= <u32>(e5 == e4 + 1) | <u32>(end == token) | <u32>(nextBlankOf(token) ^ end);
    if (odd) return SLOW;
    if (!healthy) {
      keep(0, p + 1, p + 25);
      keep(1, p + 28, b1);
      keep(2, b1 + 1, b2);
      keep(3, status, statusEnd);
      keep(4, statusEnd + 1, flagsEnd);
      keep(5, rest, c1);
      keep(6, c2 + 2, transportEnd);
      keep(7, p3 + 1, p4);
      keep(8, p4 + 1, s);
      keep(9, q4 + 3, q5);
      keep(10, cluster, e1);
      keep(11, e1 + 1, e2);
      keep(12, token, end);
    }
    if (group == BY_ROUTE) {
      name = token;
      length = <u32>(end - token);
    } else if (group == BY_BACKEND) {
      name = cluster;
      length = <u32>(e1 - cluster);
    }
  } else if (group == BY_ROUTE || group == BY_BACKEND) length = 0;
  let last = before + 10;
  if (load<u8>(end) == 0x0d) {
    end++;
    last++;
  }
  // What is written down may end just before the newline.
  if (load<u8>(end) != 0x0a || place(last) != end) return SLOW;
  const result = healthy ? count(name, length, p + 1, duration, 1) : compare(TEXT_TEMPLATE, p, end, line, true, name, length);
  if (result == DONE) moveTo(cursor + (last << 2));
  return result;
}
