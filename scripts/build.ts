import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = 'dist/vigia.js';

/** Vendor clients that cost 3 to 50 times bare Node at start-up: they may only be in chunks that a command imports when it needs them. */
const heavy = /node_modules\/(@datadog|@aws-sdk|@opentelemetry|@grafana|prom-client)\//;

/** The entry and every chunk it imports statically: what `vigia --help` must load. */
function startUp(metafile: Metafile): string[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && metafile.outputs[path]) found.add(path);
    }
  }
  return [...found];
}

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { vigia: 'src/bin.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minifyWhitespace: true,
  legalComments: 'linked',
  // Its ES module requires gRPC at run time, where there would be a second copy, or none; the CommonJS twin's require is seen and bundled.
  alias: {
    '@opentelemetry/otlp-grpc-exporter-base': './node_modules/@opentelemetry/otlp-grpc-exporter-base/dist/index.cjs',
  },
  metafile: true,
  logLevel: 'warning',
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS packages in an ES module bundle look for `require`.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});
// Node must not take the chunks for CommonJS when the folder is copied without its package.json.
writeFileSync(new URL('../dist/package.json', import.meta.url), '{"type":"module"}\n');
chmodSync(new URL(`../${entry}`, import.meta.url), 0o755);

const files = startUp(metafile);
const bytes = files.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);
const all = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`start-up: ${files.length} files, ${(bytes / 1024).toFixed(0)} KiB of ${(all / 1024).toFixed(0)} KiB`);

const found = files.flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {})).filter((f) => heavy.test(f));
if (found.length > 0) {
  console.error(`in the start-up path, and must be behind await import(): ${found.slice(0, 5).join(', ')}`);
  process.exitCode = 1;
}
