import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemon, startDaemon } from './daemon.ts';
import type { Cluster } from './kubernetes.ts';
import { freePorts } from './ports.ts';
import { toolPath } from './tool.ts';

/** What an Application says of itself (https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml). */
export interface Application {
  readonly metadata: { readonly finalizers?: readonly string[]; readonly resourceVersion: string };
  readonly operation?: unknown;
  readonly status?: {
    readonly sync?: { readonly status: 'Synced' | 'OutOfSync' | 'Unknown'; readonly revision?: string };
    readonly health?: { readonly status: string };
    readonly resources?: readonly Resource[];
    /** One entry for each operation that went well. */
    readonly history?: readonly unknown[];
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: {
      readonly phase: string;
      readonly message: string;
      readonly finishedAt?: string;
      readonly syncResult?: { readonly revision: string; readonly resources?: readonly Synced[] };
    };
  };
}

/** An object of an Application as it stands. */
export interface Resource {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: string;
  readonly requiresPruning?: boolean;
  readonly health?: { readonly status: string };
}

/** What the last operation did with an object. */
export interface Synced {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  readonly message: string;
}

/** A real Argo CD: its application controller and its repo-server, which runs the real Helm. */
export interface ArgoCd {
  /** Both logs, for a test that has to say why. */
  log(): string;
  /** Looks at the source again, as a push to it or three minutes would make it. */
  refresh(name: string): Promise<void>;
  /** What `argocd app sync` asks for, with `--prune` or without. */
  sync(name: string, prune: boolean): Promise<Application>;
  get(name: string): Promise<Application | undefined>;
  /** The Application once it is as asked; an error with its own words and those of the logs when it is not within a minute or two. */
  until(name: string, what: string, is: (app: Application | undefined) => boolean): Promise<Application>;
  stop(): Promise<void>;
}

const namespace = 'argocd';

/**
 * Starts Argo CD against a cluster that is there, with everything that it needs in it. Not here: its API server and UI (what they ask of the
 * controller, a test writes into the Application itself), its Redis (an emulator in memory), and pods: it runs beside the cluster as Argo CD's own
 * end-to-end tests run it.
 */
export async function startArgoCd(dir: string, api: Cluster): Promise<ArgoCd> {
  mkdirSync(join(dir, 'bin'), { recursive: true });
  const tool = toolPath('argocd');
  const home = dirname(realpathSync(tool));
  // Its repo-server calls these by name, and `git`.
  symlinkSync(toolPath('helm'), join(dir, 'bin/helm'));
  symlinkSync(join(home, 'git-verify-wrapper.sh'), join(dir, 'bin/git-verify-wrapper.sh'));
  await prepare(api);
  const [redis, repo, repoMetrics, metrics] = await freePorts(4);
  const env = {
    PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: dir,
    KUBECONFIG: api.kubeconfig,
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_TLS_DATA_PATH: join(dir, 'tls'),
    ARGOCD_SSH_DATA_PATH: join(dir, 'ssh'),
    ARGOCD_PLUGINSOCKFILEPATH: join(dir, 'plugins'),
    // Two seconds by default, for other controllers; there are none here that a wave would wait for.
    ARGOCD_SYNC_WAVE_DELAY: '0',
  };
  const daemons: Daemon[] = [];
  const stop = async (): Promise<void> => {
    for (const daemon of daemons.reverse()) await daemon.stop();
  };
  const start = async (name: string, args: readonly string[], health: number | undefined): Promise<void> => {
    const port = health ?? redis;
    daemons.push(
      await startDaemon({
        name,
        program: health === undefined ? join(home, 'redis') : tool,
        args,
        env: { ...env, ARGOCD_BINARY_NAME: name },
        logFile: join(dir, `${name}.log`),
        timeoutMs: 60_000,
        ready: async (log) =>
          health === undefined ? log() === '' : (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
      }),
    );
  };
  const log = ['--logformat=text', '--loglevel=info'];
  const shared = [`--redis=127.0.0.1:${redis}`, ...log];
  try {
    await start('redis', [`127.0.0.1:${redis}`], undefined);
    const listen = [`--port=${repo}`, `--metrics-port=${repoMetrics}`];
    const local = ['--address=127.0.0.1', '--metrics-address=127.0.0.1', '--disable-tls', '--client-ca-path='];
    await start('argocd-repo-server', [...listen, ...local, ...shared], repoMetrics);
    const ask = ['--repo-server-plaintext', `--repo-server=127.0.0.1:${repo}`, `--metrics-port=${metrics}`];
    const where = [`--kubeconfig=${api.kubeconfig}`, `--namespace=${namespace}`];
    await start('argocd-application-controller', [...where, ...ask, ...shared], metrics);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...applications(api, () => daemons.map((d) => d.log()).join('\n')), stop };
}

/** What an installation of Argo CD puts into its namespace before its programs start, as empty as it may be. */
async function prepare(api: Cluster): Promise<void> {
  const crds = join(dirname(realpathSync(toolPath('argocd'))), 'crds');
  const files = readdirSync(crds).filter((f) => f.endsWith('-crd.yaml'));
  for (const file of files) await applied(api, readFileSync(join(crds, file), 'utf8'));
  const names = ['applications', 'appprojects'].map((n) => `crd/${n}.argoproj.io`);
  await api.kubectl(['wait', '--for=condition=Established', ...names, '--timeout=30s']);
  const named = (kind: string, name: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    ...more,
  });
  const project = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ namespace: '*', server: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  };
  for (const object of [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...['argocd-cm', 'argocd-rbac-cm', 'argocd-ssh-known-hosts-cm', 'argocd-tls-certs-cm'].map((n) =>
      named('ConfigMap', n),
    ),
    named('Secret', 'argocd-secret', { stringData: { 'server.secretkey': 'of-no-use-here' } }),
    project,
  ])
    await applied(api, JSON.stringify(object));
}

async function applied(api: Cluster, manifests: string): Promise<void> {
  const done = await api.apply(manifests);
  if (done.code !== 0) throw new Error(`the server refused a part of Argo CD: ${done.stderr.slice(-2000)}`);
}

function applications(api: Cluster, log: () => string): Omit<ArgoCd, 'stop'> {
  const kubectl = async (...args: string[]): Promise<string> => {
    const done = await api.kubectl(['-n', namespace, ...args]);
    if (done.code !== 0) throw new Error(done.stderr);
    return done.stdout;
  };
  const get = async (name: string): Promise<Application | undefined> => {
    const text = await kubectl('get', 'application', name, '-o', 'json', '--ignore-not-found');
    return text === '' ? undefined : (JSON.parse(text) as Application);
  };
  const until: ArgoCd['until'] = async (name, what, is) => {
    let app = await get(name);
    for (const deadline = Date.now() + 90_000; !is(app); app = await get(name)) {
      if (Date.now() > deadline)
        throw new Error(`${name} is not ${what}: ${JSON.stringify(app?.status, null, 1)}\n${log().slice(-6000)}`);
      await sleep(200);
    }
    return app as Application;
  };
  const annotated = (app: Application): boolean =>
    'argocd.argoproj.io/refresh' in ((app.metadata as { annotations?: object }).annotations ?? {});
  return {
    log,
    get,
    until,
    async refresh(name) {
      await kubectl('annotate', 'application', name, 'argocd.argoproj.io/refresh=normal', '--overwrite');
      await until(name, 'refreshed', (app) => app !== undefined && !annotated(app));
    },
    async sync(name, prune) {
      const before = (await get(name))?.status?.operationState?.finishedAt;
      // `finishedAt` has seconds.
      if (before !== undefined) await sleep(Math.max(0, Date.parse(before) + 1_000 - Date.now()));
      const operation = { initiatedBy: { username: 'test' }, sync: { prune, syncStrategy: { hook: {} } } };
      await kubectl('patch', 'application', name, '--type=merge', '-p', JSON.stringify({ operation }));
      return until(name, 'synced', (app) => {
        const state = app?.status?.operationState;
        return app?.operation === undefined && state?.finishedAt !== undefined && state.finishedAt !== before;
      });
    },
  };
}
