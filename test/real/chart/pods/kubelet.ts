import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Daemon, startDaemon } from '../../tools/daemon.ts';
import { freePorts } from '../../tools/ports.ts';
import type { Item } from '../helm.ts';
import { type Container, filesOf, type Pod, podOf } from './pod.ts';

/** A container as this machine can run it: nothing is left to look up. */
export interface Process {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The path of a probe, with the port where it is here. */
  readonly probe: Readonly<Record<'liveness' | 'readiness', string | undefined>>;
  readonly graceMs: number;
  /** Its working directory, in which it has no business to write: in the cluster the root is read-only. */
  readonly cwd: string;
}

interface Program {
  /** A tool's name, or the path of another program and what it needs before its own arguments. */
  readonly tool?: string;
  readonly path?: string;
  readonly first?: readonly string[];
  /** What keeps it on loopback and on a port of its own, which in a pod nobody else has. */
  readonly last?: (port: (declared: number) => number) => readonly string[];
}

/** What a real cluster has and this machine has not. */
export interface Here {
  /** Programs that no manifest names, because they are their image's entry point, by container. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Values of Secrets, by `secret/key`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** A file's text changed where a cluster is needed, after everything else. */
  readonly change?: (file: string, text: string) => string;
}

/**
 * Runs rendered containers without a kubelet, all on one loopback address: each container port is a free one, each Service's name is 127.0.0.1,
 * each volume is a folder in place of its mount path. Those three are replaced wherever they are written, in arguments, environment and files;
 * all else is as it was rendered. What only a kernel enforces (limits, users, a read-only root) is not here.
 */
export async function kubelet(items: readonly Item[], home: string, here: Here) {
  const workloads = items.filter((i) => ['Deployment', 'StatefulSet'].includes(i.kind));
  const declared = workloads.flatMap((w) =>
    podOf(items, `${w.kind} ${w.metadata.namespace}/${w.metadata.name}`).containers.flatMap((c) =>
      (c.ports ?? []).map((p) => p.containerPort),
    ),
  );
  const free = await freePorts(declared.length);
  const ports = new Map(declared.map((port, i) => [port, free[i] ?? 0]));
  const services = items
    .filter((i) => i.kind === 'Service')
    .map((i) => `${i.metadata.name}.${i.metadata.namespace}`)
    .sort((a, b) => b.length - a.length);

  const port = (declaredPort: number): number => {
    const found = ports.get(declaredPort);
    if (found === undefined) throw new Error(`no rendered container has port ${declaredPort}`);
    return found;
  };
  const onPorts = (text: string): string =>
    text.replace(/(?<=:|port: )\d+\b/g, (found) => String(ports.get(Number(found)) ?? found));
  const onLoopback = (text: string): string =>
    services.reduce((t, name) => t.replaceAll(name, '127.0.0.1'), onPorts(text));

  /** Makes a pod's volumes and resolves one of its containers; claims outlive it, as in a cluster. */
  function prepare(workload: string, name: string, resolves = true): Process {
    const pod = podOf(items, workload);
    const container = [...(pod.initContainers ?? []), ...pod.containers].find((c) => c.name === name);
    if (container === undefined) throw new Error(`${workload} has no container ${name}`);
    const root = join(home, workload.replaceAll(/\W+/g, '-'));
    const mounts = (container.volumeMounts ?? []).filter((m) => m.subPath === undefined);
    const inRoot = (text: string): string =>
      mounts.reduce(
        (t, { mountPath, name: volume }) =>
          t.replace(new RegExp(`(?<![\\w/.-])${mountPath}(?![\\w-])`, 'g'), join(root, volume)),
        text,
      );
    const text = (t: string): string => inRoot(resolves ? onLoopback(t) : onPorts(t));
    for (const { name: volume } of mounts) writeVolume(pod, volume, join(root, volume), text);
    const cwd = join(root, 'cwd');
    mkdirSync(cwd, { recursive: true });
    const probe = (which: 'livenessProbe' | 'readinessProbe'): string | undefined => {
      const get = container[which]?.httpGet;
      if (get === undefined) return undefined;
      const at = container.ports?.find((p) => p.name === get.port);
      // A kubelet refuses a probe whose port has no such name.
      if (at === undefined) throw new Error(`${workload}: ${which} names port ${get.port}, which ${name} has not`);
      return `http://127.0.0.1:${port(at.containerPort)}${get.path}`;
    };
    return {
      command: container.command ?? [],
      args: (container.args ?? []).map((a) => text(expanded(a, container))),
      env: Object.fromEntries(
        (container.env ?? []).map((e) => [e.name, text(e.value ?? fromElsewhere(e, workload))] as const),
      ),
      probe: { liveness: probe('livenessProbe'), readiness: probe('readinessProbe') },
      graceMs: (pod.terminationGracePeriodSeconds ?? 30) * 1_000,
      cwd,
    };
  }

  function writeVolume(pod: Pod, name: string, folder: string, text: (t: string) => string): void {
    const volume = pod.volumes?.find((v) => v.name === name);
    if (volume === undefined) throw new Error(`a container mounts ${name}, which its pod has not`);
    mkdirSync(folder, { recursive: true });
    for (const [file, content] of Object.entries(filesOf(volume, items, pod.namespace))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      const mapped = text(content);
      writeFileSync(join(folder, file), here.change?.(file, mapped) ?? mapped);
    }
  }

  function fromElsewhere(e: NonNullable<Container['env']>[number], workload: string): string {
    const { fieldRef, secretKeyRef } = e.valueFrom ?? {};
    if (fieldRef?.fieldPath === 'status.podIP') return '127.0.0.1';
    if (fieldRef?.fieldPath === 'metadata.name') return `${workload.split('/')[1]}-0`;
    const secret = secretKeyRef && here.secrets?.[`${secretKeyRef.name}/${secretKeyRef.key}`];
    if (secret !== undefined) return secret;
    throw new Error(`${e.name}: this kubelet knows no ${JSON.stringify(e.valueFrom)}`);
  }

  /** Starts a container that stays; returns when its readiness probe is answered, or `ready` where it has none. */
  async function start(
    workload: string,
    name: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Daemon & Process> {
    const run = prepare(workload, name);
    const program = here.programs[name];
    if (program === undefined) throw new Error(`no program is known for container ${name}`);
    const ready = run.probe.readiness;
    if (ready === undefined)
      throw new Error(`${workload}: ${name} has no readiness probe, so nobody knows when it serves`);
    const daemon = await startDaemon({
      name: program.tool ?? name,
      ...(program.path !== undefined && { program: program.path }),
      args: [...(program.first ?? []), ...run.command, ...run.args, ...(program.last?.(port) ?? [])],
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...run.env, ...env },
      bare: true,
      cwd: run.cwd,
      logFile: join(home, `${name}.log`),
      graceMs: run.graceMs,
      timeoutMs: 90_000,
      ready: async () => (await fetch(ready)).ok,
    });
    return { ...daemon, ...run };
  }

  return {
    port,
    prepare,
    start,
    volume: (workload: string, name: string) => join(home, workload.replaceAll(/\W+/g, '-'), name),
  };
}

/** `$(NAME)` in arguments, which Kubernetes expands and no shell does. */
function expanded(text: string, { env = [] }: Container): string {
  return text.replace(/\$\((\w+)\)/g, (whole, name) => env.find((e) => e.name === name)?.value ?? whole);
}
