// Sums vitest's JSON reports and the failed steps of .ci/run into the one line that ends CI. Exits 1 when anything failed or nothing ran.
import { existsSync, readFileSync } from 'node:fs';

const [steps = '0', ...files] = process.argv.slice(2);
const noShared = !existsSync(new URL('../../shared', import.meta.url));
let passed = 0;
let failed = 0;
for (const file of files) {
  if (!existsSync(file)) {
    console.log(`${file}: no report, so its tests did not run`);
    continue;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  for (const suite of report.testResults)
    for (const t of suite.assertionResults) {
      if (t.status !== 'passed') console.log(`${t.status}: ${t.fullName}`);
      // A skip hides a tool that is not there; on CI that is a failure. The one thing no script can bring is kgateway's CRDs: they lie in
      // ../shared where the project is developed, and the project must not need that folder.
      if (
        t.status !== 'passed' &&
        t.status !== 'failed' &&
        !(noShared && t.fullName.startsWith('with ../shared beside'))
      )
        failed++;
    }
}
const wrong = Math.max(failed, Number(steps));
console.log(`${passed} passed, ${wrong} failed`);
process.exit(wrong > 0 || passed === 0 ? 1 : 0);
