import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { LogCondition } from '../../src/boards/board.ts';
import { triageCommand } from '../../src/boards/triage-command.ts';
import { configure } from '../../src/cli/commands/triage.ts';
import { asked } from '../../src/cli/options.ts';

const conditions: readonly (readonly [LogCondition, string])[] = [
  [{}, 'vigia triage --since 1h'],
  [{ failed: true }, 'vigia triage --since 1h'],
  [{ status: '503', side: ['backend'] }, 'vigia triage --since 1h --status 503 --side backend'],
  [{ status: '5xx', side: ['backend', 'gateway'] }, 'vigia triage --since 1h --status 5xx'],
  [{ flag: ['UC'] }, 'vigia triage --since 1h --where flags=UC'],
];

test.each(conditions)('%j', (condition, line) => {
  expect(triageCommand(condition)).toBe(line);
  const command = new Command();
  configure(command);
  command.exitOverride().parse(line.split(' ').slice(2), { from: 'user' });
  expect(() => asked(command.opts(), 0)).not.toThrow();
});
