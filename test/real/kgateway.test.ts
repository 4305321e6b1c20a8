import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Artefact } from '../../src/generate/artefact.ts';
import { generate } from '../../src/generate/index.ts';
import { exampleModel, hostile, modelOf } from '../generate/model.ts';
import { type Cluster, crdsMissing, installCrds, startCluster } from './tools/kubernetes.ts';

if (crdsMissing !== undefined) process.stderr.write(`skipped: ${crdsMissing}\n`);

interface Item {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

describe.skipIf(crdsMissing !== undefined)(
  'with ../shared beside the checkout: a real kube-apiserver with kgateway 2.3 kinds and their CEL rules',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-kgateway-'));
    let cluster: Cluster;

    beforeAll(async () => {
      cluster = await startCluster(folder);
      await installCrds(cluster);
    });
    afterAll(async () => {
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Applies one cluster's files in the order of their folders, as the remark in them says, and returns the objects as they were written. */
    async function applied(files: readonly Artefact[], name: string): Promise<readonly Item[]> {
      const own = files.filter((f) => f.path.startsWith(`kgateway/${name}/`));
      const items = own.flatMap((f) => parseAllDocuments(f.content).map((d) => d.toJS() as Item));
      for (const namespace of new Set(items.flatMap((i) => i.metadata.namespace ?? [])))
        await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
      for (const step of ['before', 'gateways', 'monitors']) {
        const text = own.filter((f) => f.path.startsWith(`kgateway/${name}/${step}/`)).map((f) => f.content);
        if (text.length === 0) continue;
        const done = await cluster.apply(text.join('\n'));
        expect(done, `${step}: ${done.stderr}`).toMatchObject({ code: 0 });
      }
      return items;
    }

    test.each([
      ['the small contract', exampleModel('small'), 'dev', 7],
      ['the large contract, dev', exampleModel('large'), 'dev', 29],
      ['the large contract, production', exampleModel('large'), 'prod-us-east-1', 60],
      ['hostile values', modelOf(hostile), 'c', 7],
      ['kgateway 2.1, the older kind', modelOf(hostile.replace('"2.4", routeSource: true', '"2.1"')), 'c', 7],
    ])('takes every object of %s and keeps every value', async (_, model, name, least) => {
      const items = await applied(generate(model, ['kgateway']), name);
      expect(items.length).toBeGreaterThanOrEqual(least);
      const policies = items.filter((i) => i.kind.endsWith('ListenerPolicy'));
      expect(policies.length).toBeGreaterThan(0);
      for (const { kind, metadata, spec } of policies) {
        const resource = `${kind.toLowerCase().replace(/y$/, 'ies')}.gateway.kgateway.dev`;
        const args = ['get', resource, metadata.name, '-n', metadata.namespace ?? ''];
        const got = await cluster.kubectl([...args, '-o', 'json']);
        expect(JSON.parse(got.stdout).spec).toMatchObject(spec);
      }
    });
  },
);
