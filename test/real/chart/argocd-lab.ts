import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Model } from '../../../src/contract/model.ts';
import { type Application, type ArgoCd, startArgoCd } from '../tools/argocd.ts';
import { type Cluster, installCrds, startCluster, startGarbageCollector } from '../tools/kubernetes.ts';
import { type Item, writeChart } from './helm.ts';

/** The values of a cluster that a test changes. */
interface Values {
  collector: { replicas: number };
  grants: string[];
  policies: { objects: Record<string, Item> };
}

/** What an Application is made of. */
export interface Wanted {
  /** Which chart of the repository, and which of its clusters. */
  readonly chart: string;
  readonly cluster: string;
  readonly prepareUninstall?: boolean;
  readonly syncPolicy?: object;
}

/** A git repository with charts, and an Argo CD that follows it on a Kubernetes API with kgateway's kinds. */
export interface Lab {
  readonly api: Cluster;
  readonly argo: ArgoCd;
  /** Changes a cluster's values as another contract would, and pushes that. */
  push(wanted: Wanted, change: (values: Values) => void): void;
  /** Pushes another text of them. */
  rewrite(wanted: Wanted, change: (text: string) => string): void;
  /** Takes the last push back. */
  revert(): void;
  /** Makes or changes the Application `vigia`, and looks at the repository again. */
  application(wanted: Wanted): Promise<void>;
  /** One operation from its start to its end. */
  sync(prune?: boolean): Promise<Application>;
  inSync(): Promise<Application>;
  /** What `argocd app delete vigia --cascade` asks for: the finalizer is there. Returns when all is gone. */
  remove(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts all of it; `charts` are the contracts whose charts the repository has, each in the folder of its name. */
export async function startLab(dir: string, charts: Readonly<Record<string, Model>>): Promise<Lab> {
  const repository = join(dir, 'repository');
  const git = (...args: string[]): void => {
    const who = ['-c', 'user.name=vigia', '-c', 'user.email=vigia@example.com', '-c', 'commit.gpgSign=false'];
    execFileSync('git', ['-C', repository, ...who, ...args]);
  };
  const commit = (): void => {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'generated');
  };
  mkdirSync(repository, { recursive: true });
  git('init', '--quiet', '--initial-branch=main');
  for (const [name, model] of Object.entries(charts)) writeChart(model, join(repository, name));
  commit();

  const api = await startCluster(join(dir, 'api'));
  await installCrds(api);
  const garbage = await startGarbageCollector(dir, api);
  const argo = await startArgoCd(join(dir, 'argocd'), api);
  const fileOf = (w: Wanted): string => join(repository, w.chart, `charts/vigia/clusters/${w.cluster}.yaml`);
  const apply = async (object: object): Promise<void> => {
    const done = await api.apply(JSON.stringify(object));
    if (done.code !== 0) throw new Error(done.stderr);
  };
  const namespaces = Object.values(charts).flatMap((m) =>
    m.clusters.flatMap((c) => c.gateways.map((g) => g.namespace)),
  );
  for (const name of new Set(['kgateway-system', ...namespaces]))
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  const rewrite: Lab['rewrite'] = (wanted, change) => {
    writeFileSync(fileOf(wanted), change(readFileSync(fileOf(wanted), 'utf8')));
    commit();
  };
  return {
    api,
    argo,
    rewrite,
    push: (wanted, change) =>
      rewrite(wanted, (text) => {
        const values = parse(text) as Values;
        change(values);
        return stringify(values);
      }),
    revert: () => git('revert', '--no-edit', 'HEAD'),
    async application(wanted) {
      await apply(applicationOf(`file://${repository}`, wanted));
      await argo.refresh('vigia');
    },
    async sync(prune = true) {
      await argo.refresh('vigia');
      const app = await argo.sync('vigia', prune);
      const state = app.status?.operationState;
      if (state?.phase !== 'Succeeded') throw new Error(`${state?.message}\n${argo.log().slice(-4000)}`);
      return app;
    },
    inSync: () => argo.until('vigia', 'Synced', (app) => app?.status?.sync?.status === 'Synced'),
    async remove() {
      const done = await api.kubectl(['-n', 'argocd', 'delete', 'application', 'vigia', '--wait=false']);
      if (done.code !== 0) throw new Error(done.stderr);
      await argo.until('vigia', 'gone', (app) => app === undefined);
    },
    async stop() {
      await argo.stop();
      await garbage.stop();
      await api.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** As its users write it. The chart makes the namespace, because the Application's own is another. */
const applicationOf = (repoURL: string, { chart, cluster, prepareUninstall = false, syncPolicy = {} }: Wanted) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'vigia', namespace: 'argocd', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
  spec: {
    project: 'default',
    source: {
      repoURL,
      targetRevision: 'main',
      path: `${chart}/charts/vigia`,
      helm: { releaseName: 'vigia', valueFiles: [`clusters/${cluster}.yaml`], valuesObject: { prepareUninstall } },
    },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
    syncPolicy,
  },
});
