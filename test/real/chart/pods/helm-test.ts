import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, toolPath } from '../../tools/tool.ts';
import { dir, type Kubelet } from './parts.ts';

const testPod = 'Pod vigia/vigia-test';

/** The test pod's first container: the real telemetrygen. */
export const sends = (node: Kubelet, change = (arg: string) => arg): Promise<Ended> =>
  ended(toolPath('telemetrygen'), node.prepare(testPod, 'send').args.map(change), {});

/** Its second: the rendered script, with an emulation of busybox' nslookup that knows these addresses. */
export async function looks(node: Kubelet, addresses: readonly string[], waits = true): Promise<Ended> {
  const image = mkdtempSync(join(dir, 'curl-'));
  const { command, args } = node.prepare(testPod, 'look', false);
  // What kubelet writes for a pod of namespace vigia.
  const resolv = join(image, 'resolv.conf');
  writeFileSync(resolv, 'nameserver 10.96.0.10\nsearch vigia.svc.test svc.test test\noptions ndots:5\n');
  const program = (name: string, text: string) => {
    writeFileSync(join(image, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(image, name), 0o755);
  };
  const answer = addresses.map((a) => `Name:\\tvigia-collector-pods.vigia.svc.test\\nAddress: ${a}\\n`).join('');
  // networking/nslookup.c: a name with a dot is asked for as it stands.
  program(
    'nslookup',
    `printf 'Server:\\t\\t10.96.0.10\\nAddress:\\t10.96.0.10:53\\n\\n'
[ "$1" = vigia-collector-pods.vigia.svc.test ] && { printf '${answer}'; exit 0; }
echo "** server can't find $1: NXDOMAIN"; exit 1`,
  );
  if (!waits) program('sleep', ':');
  const [shell = 'sh', ...flags] = command;
  const script = args.map((a) => a.replaceAll('/etc/resolv.conf', resolv));
  return ended(shell, [...flags, ...script], { PATH: `${image}:${process.env['PATH']}` });
}

/** A program's end, with no environment but this. */
export function ended(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(program, args, { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    ),
  );
}
