import { expect, test } from 'vitest';
import type { Item } from './helm.ts';
import { dangling, type Event } from './pointed.ts';

const at = (type: Event['type'], object: object): Event => ({ type, object: object as Item });
const meta = (name: string, namespace: string, more: object = {}) => ({ metadata: { name, namespace, ...more } });
const service = { kind: 'Service', ...meta('collector', 'vigia'), spec: { ports: [{ port: 4317 }] } };
const from = { group: 'gateway.kgateway.dev', kind: 'ListenerPolicy', namespace: 'edge' };
const grant = {
  kind: 'ReferenceGrant',
  ...meta('grant', 'vigia'),
  spec: { from: [from], to: [{ group: '', kind: 'Service', name: 'collector' }] },
};
const pointing = (port: number, namespace?: string) => ({
  kind: 'ListenerPolicy',
  ...meta('policy', 'edge'),
  spec: { default: { accessLog: [{ grpcService: { backendRef: { name: 'collector', namespace, port } } }] } },
});
const policy = pointing(4317, 'vigia');
const going = { deletionTimestamp: '2026-11-26T00:00:00Z' };

test('Service, grant, policy, and the other way back, is no moment without', () => {
  expect(
    dangling([
      at('ADDED', service),
      at('ADDED', grant),
      at('ADDED', policy),
      at('DELETED', policy),
      at('DELETED', grant),
      at('DELETED', service),
    ]),
  ).toEqual([]);
});

test('what was there when following began is looked at together', () => {
  expect(dangling([at('LISTED', policy), at('LISTED', grant), at('LISTED', service)])).toEqual([]);
  expect(dangling([at('LISTED', policy), at('LISTED', service)])).toHaveLength(1);
});

test.each<[string, readonly Event[], RegExp]>([
  ['a policy before its grant', [at('ADDED', service), at('ADDED', policy), at('ADDED', grant)], /a grant in vigia$/],
  ['a policy before its Service', [at('ADDED', grant), at('ADDED', policy)], /Service vigia\/collector:4317$/],
  ['another port', [at('ADDED', service), at('ADDED', grant), at('ADDED', pointing(1, 'vigia'))], /collector:1$/],
  ['no Service in its own namespace', [at('ADDED', service), at('ADDED', pointing(4317))], /Service edge\/collector/],
  [
    "another namespace's grant",
    [
      at('ADDED', service),
      at('ADDED', { ...grant, spec: { ...grant.spec, from: [{ ...from, namespace: 'other' }] } }),
      at('ADDED', policy),
    ],
    /a grant in vigia$/,
  ],
  [
    'a Service that is being deleted',
    [
      at('ADDED', service),
      at('ADDED', grant),
      at('ADDED', policy),
      at('MODIFIED', { ...service, ...meta('collector', 'vigia', going) }),
    ],
    /^MODIFIED Service vigia\/collector: ListenerPolicy edge\/policy lacks Service/,
  ],
  [
    'a policy that is being deleted is there until it is gone',
    [
      at('ADDED', service),
      at('ADDED', grant),
      at('ADDED', policy),
      at('MODIFIED', { ...policy, ...meta('policy', 'edge', going) }),
      at('DELETED', grant),
    ],
    /a grant in vigia$/,
  ],
])('%s is told', (_, events, what) => {
  expect(dangling(events).join('\n')).toMatch(what);
});
