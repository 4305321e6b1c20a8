import { writeFileSync } from 'node:fs';
import { compileKernel, kernelModule, kernelPath } from './generate/kernel.ts';
import { generateUplot } from './generate/uplot.ts';

// Writes every *.generated.ts; the same sources give the same bytes, and a test compares them with what is checked in.
const wasm = compileKernel();
writeFileSync(new URL(`../${kernelPath}`, import.meta.url), kernelModule(wasm));
console.log(`${kernelPath}: ${wasm.length} bytes of WebAssembly`);
const uplot = generateUplot();
writeFileSync(new URL(`../${uplot.path}`, import.meta.url), uplot.content);
console.log(`${uplot.path}: ${uplot.content.length} characters`);
