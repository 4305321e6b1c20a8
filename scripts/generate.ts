import { mkdirSync, writeFileSync } from 'node:fs';
import { generateAlertPages } from './generate/alert-pages.ts';
import { contractDoc, contractDocPath } from './generate/contract-doc.ts';
import { contractSchemaFile, contractSchemaPath } from './generate/contract-schema.ts';
import { generateFlagPages } from './generate/flags.ts';
import { compileKernel, kernelModule, kernelPath } from './generate/kernel.ts';
import { onExample } from './generate/own-folders.ts';
import { signalsDoc, signalsDocPath } from './generate/signals-doc.ts';
import { generateUplot } from './generate/uplot.ts';

// Writes every *.generated.ts and docs/flags; the same sources give the same bytes, and a test compares them with what is checked in.
const wasm = compileKernel();
writeFileSync(new URL(`../${kernelPath}`, import.meta.url), kernelModule(wasm));
console.log(`${kernelPath}: ${wasm.length} bytes of WebAssembly`);
const uplot = generateUplot();
writeFileSync(new URL(`../${uplot.path}`, import.meta.url), uplot.content);
console.log(`${uplot.path}: ${uplot.content.length} characters`);
const pages = generateFlagPages();
mkdirSync(new URL('../docs/flags/', import.meta.url), { recursive: true });
for (const { path, content } of pages) writeFileSync(new URL(`../${path}`, import.meta.url), content);
console.log(`docs/flags: ${pages.length} pages`);
mkdirSync(new URL('../docs/alerts/', import.meta.url), { recursive: true });
const alertPages = generateAlertPages();
for (const { path, content } of alertPages) writeFileSync(new URL(`../${path}`, import.meta.url), content);
console.log(`docs/alerts: ${alertPages.length} pages`);
for (const [path, content] of [
  [contractSchemaPath, contractSchemaFile()],
  [contractDocPath, contractDoc()],
  [signalsDocPath, signalsDoc()],
] as const) {
  writeFileSync(new URL(`../${path}`, import.meta.url), content);
  console.log(`${path}: ${content.length} characters`);
}
const example = onExample('generate');
process.stdout.write(example.said);
if (example.code !== 0) process.exitCode = 1;
