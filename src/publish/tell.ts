import { clean, cut } from '../report/clean.ts';
import { wrap } from '../report/wrap.ts';
import type { Json } from './json.ts';
import { type Change, drifted, type Item, type ObjectKind, type Plan, type State } from './plan.ts';

const nouns: Readonly<Record<ObjectKind, string>> = {
  folder: 'folder',
  metric: 'metric',
  slo: 'objective',
  monitor: 'monitor',
  dashboard: 'board',
};

const signs: Readonly<Record<State, string>> = {
  same: '=',
  missing: '+',
  outdated: '~',
  edited: '!',
  unclear: '!',
  foreign: '!',
  'left over': '-',
  blocked: 'x',
  waiting: '.',
};

const adoptOrOverwrite = 'adopt it (put the change into the contract) or overwrite it (`vigia apply --overwrite`)';

function remedy({ state, by, at, reason }: Item): string {
  const who = `${by ? ` by ${by}` : ''}${at ? ` on ${at.slice(0, 10)}` : ''}`;
  switch (state) {
    case 'same':
      return 'as the contract has it';
    case 'missing':
      return 'not there; `vigia apply` makes it';
    case 'outdated':
      return 'is what an earlier contract said; `vigia apply` renews it';
    case 'edited':
      return `edited${who}${reason ? ` (${reason})` : ''}: ${adoptOrOverwrite}`;
    case 'unclear':
      return `differs, and who changed it can't be told (${reason})${who && `, saved last${who}`}: ${adoptOrOverwrite}`;
    case 'foreign':
      return `not vigia's: ${reason}; rename or delete it, or \`vigia apply --overwrite\``;
    case 'left over':
      return 'the contract no longer asks for it; `vigia apply --prune` deletes it';
    case 'blocked':
      return `not written: ${reason}`;
    case 'waiting':
      return `not yet: ${reason}`;
  }
}

/** `board vigia-overview`, with its title where that says more. */
export function itemName({ kind, id, title }: Item): string {
  return `${nouns[kind]} ${id}${title === '' || title === id ? '' : ` "${title}"`}`;
}

/** One item in one line: sign, kind, id, title, and what is to be done. */
export function itemLine(item: Item): string {
  return clean(`${signs[item.state]} ${itemName(item)}: ${remedy(item)}`);
}

/** `panel 'Requests' (id 2): unit reqps -> rps`: what is live, then what the contract says. */
export function changeLine({ where, what, live, contract, from }: Change, width: number): string {
  const place = [where, what].filter((s) => s !== '').join(': ');
  const origin = from === 'edit' ? ' (edited)' : from === 'both' ? ' (edited, and the contract changed too)' : '';
  const room = Math.max(16, Math.floor((width - place.length - 12 - origin.length) / 2));
  if (live === undefined && contract !== undefined && what === '') return clean(`${place}: not there${origin}`);
  if (contract === undefined && what === '') return clean(`${place}: only there${origin}`);
  return clean(`${place} ${shown(live, room)} -> ${shown(contract, room)}${origin}`);
}

function shown(value: Json | undefined, room: number): string {
  if (value === undefined) return '(none)';
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return cut(text, room);
}

/** A plan as text, what is the same only counted. */
export function planText(plan: Plan, width: number): string {
  const { service, environments, where, items } = plan;
  const same = items.filter((i) => i.state === 'same').length;
  const lines = [`${service} ${where} (${environments.join(', ')})`];
  for (const item of items.filter((i) => i.state !== 'same')) {
    lines.push(...wrap(itemLine(item), width - 2, '  ').map((l) => `  ${l}`));
    for (const change of item.changes)
      lines.push(...wrap(changeLine(change, width - 6), width - 6, '  ').map((l) => `      ${l}`));
  }
  if (same > 0) lines.push(`  = ${same} as the contract has ${same === 1 ? 'it' : 'them'}`);
  return `${lines.map((l) => clean(l)).join('\n')}\n`;
}

/** The same for programs. Values are as they are, not cut. */
export function planJson(plans: readonly Plan[]): string {
  const drift = drifted(plans).length;
  const value = (v: Json | undefined): Json => v ?? null;
  return `${JSON.stringify(
    {
      version: 'vigia.diff/v1',
      drift,
      services: plans.map(({ service, where, environments, items }) => ({
        service,
        where,
        environments,
        objects: items.map((i) => ({
          kind: i.kind,
          id: i.id,
          title: i.title,
          state: i.state,
          reason: value(i.reason),
          by: value(i.by || undefined),
          at: value(i.at || undefined),
          changes: i.changes.map((c) => ({ ...c, live: value(c.live), contract: value(c.contract) })),
        })),
      })),
    },
    null,
    2,
  )}\n`;
}
