import { index as indexBlock, newline } from './bits';
import { addAgent, begin as beginCount } from './count';
import { clearAlike, notCompared } from './alike';
import { clearJson, json, jsonEnd, matched, noShape } from './json';
import { DONE, SLOW } from './layout';
import { clearMinutes } from './minutes';
import { clearRoutes } from './routes';
import { clearHeap } from './strings';
import { clearTemplates } from './templates';
import { beginText, text, textEnd } from './text';

export {
  ABSENT, AGED, AGENT, ASKS, ATTEMPTS, BEGAN, BLOCK, BLOCK_SIZE, DIGITS, DONE, DURATION, EVENTS, EVENT_SIZE, FLAGS, GRPC, HEAD_SIZE, HEAP,
  HOST, KEY_SIZE, LOG_TYPE, MAX_KEY, MAX_KEYS, MAX_TEMPLATES, MINUTES, MINUTE_SIZE, MINUTE_SLOTS, NAME, NEW_MINUTE, NEW_ROUTE, NEW_SHAPE,
  PRESENCE, REASON, ROUTE, ROUTES, ROUTE_SIZE, SCRATCH, SLOW, STANDS, STATUS, TEMPLATES, TEMPLATE_SIZE, TIME, TOOK, VALUE_FROM, WEIGHT, WORDS,
} from './layout';
export { addRoute, routeCount, routeNeeds } from './routes';
export { CUT, INSIDE, OUTSIDE, addMinute, clearMinutes } from './minutes';
export { addKey, beginTemplate } from './templates';
export { leftOut, nameLength, nameStart, outside, weighted } from './count';
export { BY_AUTHORITY, BY_BACKEND, BY_ROUTE, allowText } from './text';
export { addAgent, matched };
export { alikeNeeds, clearEvents, eventCount, hostFrom, hostLength, hostNeeds, learnAlike, learnHost } from './alike';

/** The line scan stopped at, without its newline. */
export let lineStart: usize = 0;
export let lineEnd: usize = 0;
/** Lines seen since begin, that one included. */
export let lines: u32 = 0;
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
  clearMinutes();
  lines = 0;
  blanks = false;
}

/** Text lines follow: their blanks must be indexed. */
export function wantBlanks(): void {
  blanks = true;
}

export function index(from: usize, to: usize): void {
  indexBlock(from, to, blanks);
}

/** Counts lines from `from` to `to` (the end of a line) until one must be read in full; says why. */
export function scan(from: usize, to: usize): i32 {
  let p = from;
  while (p < to) {
    lines++;
    const c = load<u8>(p);
    let result: i32 = SLOW;
    let end = p;
    if (c == 0x7b) {
      result = json(p, lines);
      end = jsonEnd;
    } else if (c == 0x5b && blanks) {
      noShape();
      result = text(p, lines);
      end = textEnd;
    } else if (c == 0x0a) {
      result = DONE;
      end = p + 1;
    } else {
      noShape();
      notCompared();
    }
    if (result != DONE) {
      lineStart = p;
      lineEnd = newline(end);
      return result;
    }
    p = end;
  }
  return DONE;
}
