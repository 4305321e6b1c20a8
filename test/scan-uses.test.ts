import { expect, test } from 'vitest';
import { type FieldId, fieldIds } from '../src/envoy/fields.ts';
import { fieldValue } from '../src/logs/read/value.ts';
import type { AccessRecord } from '../src/logs/record.ts';
import { borrowKernel, giveBack } from '../src/logs/scan/kernel.ts';
import { usesOf } from '../src/logs/scan/uses.ts';
import { traitsKey, traitsOf } from '../src/logs/signature.ts';

const values = ['-', 'x', 'y', '7', '8', 'UC', 'kube-probe/1.33', null];

/** A failing request of which something is logged in every field but one. */
function records(id: FieldId): AccessRecord[] {
  const all = Object.fromEntries(fieldIds.map((other) => [other, fieldValue(other, other === 'status' ? '503' : '7')]));
  const found = values.map((value) => fieldValue(id, value)).filter((value) => value !== undefined);
  const { [id]: _, ...none } = all;
  return [none, ...found.map((value) => ({ ...all, [id]: value }))] as AccessRecord[];
}

/** Fields that tell how far a request got where nothing better does: unset but for the one in question, the first two or all of them. */
const better: readonly FieldId[] = ['localAddress', 'connectionId', 'upstreamHost'];
const without = (record: AccessRecord, id: FieldId, count: number): AccessRecord => ({
  ...record,
  ...Object.fromEntries(better.slice(0, count).flatMap((other) => (other === id ? [] : [[other, null]]))),
});

test('the kernel compares every field that failing requests are told apart by', () => {
  const kernel = borrowKernel();
  const uses = usesOf(fieldIds, 'route', kernel.wasm);
  giveBack(kernel);
  const telling = fieldIds.filter((id) =>
    [0, 2, 3].some((n) => new Set(records(id).map((r) => traitsKey(traitsOf(without(r, id, n))))).size > 1),
  );
  expect(telling.length).toBeGreaterThan(10);
  expect(telling.filter((id) => uses[fieldIds.indexOf(id)] === 0)).toEqual([]);
});
