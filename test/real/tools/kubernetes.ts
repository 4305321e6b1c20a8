import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Daemon, startDaemon } from './daemon.ts';
import { freePorts } from './ports.ts';
import { type Ended, runTool } from './tool.ts';

/** A real Kubernetes API without nodes or controllers: objects are validated (CEL rules too) and stored, nothing runs. */
export interface Cluster {
  readonly kubeconfig: string;
  /** One JSON object for each request that changed something, in the order in which the server finished it. */
  readonly auditLog: string;
  kubectl(args: readonly string[], input?: string): Promise<Ended>;
  /** Server-side apply that refuses unknown fields. */
  apply(manifests: string): Promise<Ended>;
  stop(): Promise<void>;
}

// Prints CustomResourceDefinitions with kgateway's own CEL rules; it lies beside the project where the project is developed and in CI.
const crdScript = fileURLToPath(new URL('../../../../shared/checks/crds-as-objects', import.meta.url));

/** Why no custom resource can be checked here; undefined when they can. */
export const crdsMissing: string | undefined = existsSync(crdScript)
  ? undefined
  : 'the CRDs are not on this machine: ../shared/checks/crds-as-objects, beside the checkout, prints them';

/** Starts etcd and kube-apiserver in `dir`; returns when both serve. */
export async function startCluster(dir: string): Promise<Cluster> {
  mkdirSync(dir, { recursive: true });
  const [client, peer, secure] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${client}`;
  const etcd = await startDaemon({
    name: 'etcd',
    args: [
      ...['--data-dir', join(dir, 'etcd'), '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
      // Nothing here outlives the test, so nothing needs to reach the disk.
      ...['--listen-peer-urls', `http://127.0.0.1:${peer}`, '--unsafe-no-fsync'],
    ],
    logFile: join(dir, 'etcd.log'),
    ready: async () => (await fetch(`${etcdUrl}/health`)).ok,
  });
  try {
    const kubeconfig = writeAccess(dir, `https://127.0.0.1:${secure}`);
    const kubectl = (args: readonly string[], input?: string): Promise<Ended> =>
      runTool('kubectl', ['--kubeconfig', kubeconfig, ...args], input === undefined ? {} : { input });
    const server = await startDaemon({
      name: 'kube-apiserver',
      args: apiServerArgs(dir, etcdUrl, secure ?? 0),
      logFile: join(dir, 'kube-apiserver.log'),
      timeoutMs: 90_000,
      ready: async () => (await kubectl(['get', '--raw', '/readyz', '--request-timeout=2s'])).code === 0,
    });
    const apply = (manifests: string): Promise<Ended> =>
      kubectl(['apply', '--server-side', '--validate=strict', '--field-manager=vigia-test', '-f', '-'], manifests);
    const stop = async (): Promise<void> => {
      await server.stop();
      await etcd.stop();
    };
    return { kubeconfig, auditLog: join(dir, 'audit.log'), kubectl, apply, stop };
  } catch (error) {
    await etcd.kill();
    throw error;
  }
}

/**
 * A real garbage collector: the controller that takes an object deleted in the foreground away, once nothing that it owns is left. It is the only
 * one of the controllers that runs, so no pod is made. Start it after the CRDs: it looks for new kinds twice a minute only.
 */
export function startGarbageCollector(dir: string, cluster: Cluster): Promise<Daemon> {
  return startDaemon({
    name: 'kube-controller-manager',
    args: [
      ...[`--kubeconfig=${cluster.kubeconfig}`, '--controllers=garbage-collector-controller'],
      ...['--leader-elect=false', '--secure-port=0'],
    ],
    logFile: join(dir, 'kube-controller-manager.log'),
    timeoutMs: 60_000,
    ready: (log) => log().includes('Proceeding to collect garbage'),
  });
}

/** Makes the server know kgateway's, Gateway API's and the operators' kinds; returns when it serves them. */
export async function installCrds(cluster: Cluster): Promise<void> {
  if (crdsMissing !== undefined) throw new Error(crdsMissing);
  const crds = execFileSync('python3', [crdScript], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const applied = await cluster.kubectl(['apply', '--server-side', '-f', '-'], crds);
  if (applied.code !== 0) throw new Error(`the server refused the CRDs: ${applied.stderr.slice(-2000)}`);
  const served = await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
  if (served.code !== 0) throw new Error(`the server does not serve the CRDs: ${served.stderr.slice(-2000)}`);
}

const token = 'lab';

/** Keys, the one user and the kubeconfig: made for one server that listens on 127.0.0.1 and ends with the test. */
function writeAccess(dir: string, server: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(dir, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
  writeFileSync(join(dir, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(dir, 'tokens.csv'), `${token},admin,admin,system:masters\n`);
  const kubeconfig = join(dir, 'kubeconfig.json');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'lab',
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'admin' } }],
      clusters: [{ name: 'lab', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'admin', user: { token } }],
    }),
  );
  return kubeconfig;
}

function apiServerArgs(dir: string, etcdUrl: string, port: number): readonly string[] {
  return [
    ...[
      `--etcd-servers=${etcdUrl}`,
      `--secure-port=${port}`,
      '--bind-address=127.0.0.1',
      `--cert-dir=${join(dir, 'pki')}`,
    ],
    ...[
      `--service-account-key-file=${join(dir, 'sa.pub')}`,
      `--service-account-signing-key-file=${join(dir, 'sa.key')}`,
    ],
    ...['--service-account-issuer=https://kubernetes.default.svc', '--service-cluster-ip-range=10.96.0.0/16'],
    ...['--authorization-mode=RBAC', `--token-auth-file=${join(dir, 'tokens.csv')}`],
    ...[`--audit-policy-file=${auditPolicy(dir)}`, `--audit-log-path=${join(dir, 'audit.log')}`],
    // No controller makes service accounts here, so a Pod must be accepted without one.
    '--disable-admission-plugins=ServiceAccount',
  ];
}

/** Who changed what, without the objects themselves. */
function auditPolicy(dir: string): string {
  const path = join(dir, 'audit-policy.json');
  const rules = [
    { level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
    { level: 'None' },
  ];
  writeFileSync(
    path,
    JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], rules }),
  );
  return path;
}
