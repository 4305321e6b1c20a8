import { AGENTS, DONE, NEW_MINUTE, NEW_ROUTE, SLOW } from './layout';
import { INSIDE, OUTSIDE, countMinute, kindOf, millisOf, minuteOf } from './minutes';
import { countLatency, countRoute, isUnasked, routeOf } from './routes';

/** No duration, or no time, was logged. */
export const NONE: u32 = 0xffffffff;

/** Where scan stopped, for the caller: the line, and the name that was not in the tables. */
export let nameStart: usize = 0;
export let nameLength: u32 = 0;
export let outside: u32 = 0;
/** Lines of routes that nobody asked for. */
export let leftOut: u32 = 0;
/** Lines that stand for several requests. */
export let weighted: u32 = 0;
/** The window has an end: a request without a time is in none. */
let bounded: bool = false;
let agentCount: u32 = 0;

export function begin(hasWindow: bool): void {
  bounded = hasWindow;
  outside = 0;
  leftOut = 0;
  weighted = 0;
  agentCount = 0;
}

/** The first four bytes of a health checker's user agent. */
export function addAgent(four: u32): void {
  store<u32>(AGENTS + (<usize>agentCount << 2), four);
  agentCount++;
}

/** Whether a user agent may be a health checker's. Reads 4 bytes whatever its length; a false alarm only costs time. */
// @ts-ignore: decorator
@inline
export function probes(agent: usize): bool {
  const four = load<u32>(agent);
  for (let i: u32 = 0; i < agentCount; i++) if (load<u32>(AGENTS + (<usize>i << 2)) == four) return true;
  return false;
}

/** The minute at p is not in the table. */
export function stopAtMinute(time: usize): i32 {
  nameStart = time;
  return NEW_MINUTE;
}

/** The name at p is not in the table. */
export function stopAtName(name: usize, length: u32): i32 {
  nameStart = name;
  nameLength = length;
  return NEW_ROUTE;
}

/** Counts a plain request that stands for `weight` of its kind, or says why it can't. `time` is 0 for none. */
// @ts-ignore: decorator
@inline
export function count(name: usize, length: u32, time: usize, duration: u32, weight: u32): i32 {
  let minute: usize = 0;
  let millis: u32 = 0;
  if (time != 0) {
    millis = millisOf(time);
    if (millis >= 60000) return SLOW;
    minute = minuteOf(time);
    if (minute == 0) return stopAtMinute(time);
    const kind = kindOf(minute);
    if (kind != INSIDE) {
      if (kind != OUTSIDE) return SLOW;
      outside++;
      return DONE;
    }
  } else if (bounded) return SLOW;
  const route = routeOf(name, length);
  if (route == 0) return stopAtName(name, length);
  if (isUnasked(route)) {
    leftOut++;
    return DONE;
  }
  if (weight != 1) weighted++;
  countRoute(route, weight);
  if (duration != NONE) countLatency(route, duration, weight);
  if (minute != 0) countMinute(minute, millis, weight);
  return DONE;
}
