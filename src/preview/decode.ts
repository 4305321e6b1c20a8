import type { BoardLabel } from '../boards/board.ts';
import { responseFlags } from '../envoy/response-flags.ts';

/** A colour of the page by what it means: a side, or a class of statuses. */
export type Look = 'backend' | 'gateway' | 'between' | 'client' | 'policy' | 'unknown' | 'fine' | undefined;

const sides: readonly Look[] = ['backend', 'gateway', 'between', 'client', 'policy', 'unknown'];
const classes: Readonly<Record<string, Look>> = {
  '2xx': 'fine',
  '3xx': 'policy',
  '4xx': 'client',
  '5xx': 'backend',
  '0': 'between',
};

const flagOf = (value: string) => (Object.hasOwn(responseFlags, value) ? responseFlags[value] : undefined);
const named = (long: string) => Object.values(responseFlags).find((f) => f.long === long);

/** A label's value in words: flags with their long names; a value that is not known is shown as it is. */
export function textOf(label: BoardLabel, value: string): string {
  switch (label) {
    case 'flag':
      return value === '-'
        ? 'no flag: answered by the backend'
        : [value, flagOf(value)?.long].filter(Boolean).join(' ');
    case 'flagName': {
      const flag = named(value);
      return flag ? `${flag.meaning}; check: ${flag.check}` : value;
    }
    case 'status':
    case 'statusClass':
      return value === '0' ? '0 no answer' : value;
    case 'route':
      return value === '-' ? 'no route matched' : value;
    case 'backend':
      return value === '-' ? 'none was chosen' : value;
    default:
      return value;
  }
}

export function lookOf(label: BoardLabel, value: string): Look {
  if (label === 'side') return sides.find((s) => s === value) ?? 'fine';
  if (label === 'statusClass') return classes[value];
  if (label === 'flag') {
    const side = flagOf(value)?.side;
    return side === 'none' ? undefined : side;
  }
  return undefined;
}
