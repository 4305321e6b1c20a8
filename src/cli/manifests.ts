import { type Manifest, readManifests } from '../contract/draft/manifests.ts';
import { clean } from '../report/clean.ts';
import type { Io } from './io.ts';
import { Failed, Misuse } from './misuse.ts';

/** The objects of a folder, a file or standard input (`-`); what can't be read is said. `option` is what the user wrote the path behind. */
export function openManifests(from: string, option: string, io: Io): readonly Manifest[] {
  return texts(from, option, io).flatMap(([file, text]) => {
    const read = readManifests(text, file);
    for (const line of read.unread) io.stderr.write(`vigia: ${clean(line)}\n`);
    return read.objects;
  });
}

function texts(from: string, option: string, io: Io): readonly (readonly [file: string, text: string])[] {
  if (from === '-') {
    if (io.stdinIsTTY)
      throw new Misuse(
        `${option} -: nothing on standard input`,
        `kubectl get gateways -A -o json | vigia ... ${option} -`,
      );
    return [['standard input', io.readStdin()]];
  }
  const files = io.listFiles(from)?.filter((file) => /\.(ya?ml|json)$/.test(file));
  if (files && files.length === 0) throw new Failed(`${from}: no .yaml, .yml or .json file in it`);
  return (files ?? [from]).map((file) => {
    const text = io.readFile(file);
    if (text === undefined) throw new Failed(`${file}: no such file or folder`);
    return [file, text] as const;
  });
}
