import { type Ended, runTool } from './tool.ts';

/** `promtool check rules`: syntax and duplicates of recording and alerting rules; status 3 is a finding of its linter. */
export function checkRules(...files: readonly string[]): Promise<Ended> {
  return runTool('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...files]);
}

/** `promtool test rules`: runs unit tests of rules; paths in the test file are relative to it. */
export function testRules(...files: readonly string[]): Promise<Ended> {
  return runTool('promtool', ['test', 'rules', ...files]);
}
