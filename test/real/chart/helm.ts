import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Model } from '../../../src/contract/model.ts';
import { generate } from '../../../src/generate/index.ts';
import { type Ended, runTool } from '../tools/tool.ts';

/** A Kubernetes object as it is rendered or served. */
export interface Item {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    /** These three are the server's. */
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** Writes the contract's chart below a folder; returns the chart's folder. */
export function writeChart(model: Model, into: string): string {
  for (const { path, content } of generate(model, ['chart'])) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), content);
  }
  return join(into, 'charts/vigia');
}

/** A real Helm; its own folders are in `home`, so that nothing of the machine's user is read. */
export const helm = (home: string, args: readonly string[], kubeconfig = ''): Promise<Ended> =>
  runTool('helm', args, {
    env: { HELM_CONFIG_HOME: home, HELM_CACHE_HOME: home, HELM_DATA_HOME: home, KUBECONFIG: kubeconfig },
    timeoutMs: 120_000,
  });

export const items = (text: string): readonly Item[] =>
  parseAllDocuments(text)
    .map((d) => d.toJS() as Item | null)
    .filter((i) => i !== null);

/** `kind namespace/name`. */
export const nameOf = (i: Item): string => `${i.kind} ${i.metadata.namespace ?? '-'}/${i.metadata.name}`;

/** What a cluster with every operator tells Helm. */
export const operators = [
  'gateway.kgateway.dev/v1alpha1',
  'monitoring.coreos.com/v1/PodMonitor',
  'monitoring.coreos.com/v1/PrometheusRule',
].flatMap((api) => ['-a', api]);
