import type { Row } from '../../remote/rows.ts';
import type { Bucket } from './client.ts';
import { limits } from './limits.ts';

/**
 * Shares a signature's upstream hosts out among its rows, in order: how many requests a host got of one signature is told, in which minute is
 * not, and triage adds the minutes up anyway. What is beyond the most frequent hosts keeps none.
 */
export async function withHosts(
  signed: readonly { readonly name: string; readonly rows: readonly Row[] }[],
  ask: (limit: number) => Promise<readonly Bucket[]>,
  signature: string,
  host: string,
): Promise<readonly Row[]> {
  const found = signed.length === 0 ? [] : await ask(Math.floor(limits.groups / limits.hosts));
  const hosts = new Map<string, [string, number][]>();
  for (const { by, computes } of found) {
    const name = by[signature] ?? '';
    const count = computes[0];
    if (by[host] === undefined || by[host] === '-' || typeof count !== 'number') continue;
    hosts.set(name, [...(hosts.get(name) ?? []), [by[host], count]]);
  }
  return signed.flatMap(({ name, rows }) => {
    const left = (hosts.get(name) ?? []).map(([h, n]) => ({ h, n }));
    return rows.flatMap((row): Row[] => {
      const parts: Row[] = [];
      let rest = row.records;
      while (rest > 0 && left[0]) {
        const taken = Math.min(rest, left[0].n);
        parts.push({ ...row, keys: { ...row.keys, host: left[0].h }, records: taken, requests: taken });
        left[0].n -= taken;
        rest -= taken;
        if (left[0].n === 0) left.shift();
      }
      return rest > 0 ? [...parts, { ...row, records: rest, requests: rest }] : parts;
    });
  });
}
