import type { Command } from 'commander';
import { formats } from '../logs/read/line-parser.ts';
import { sides } from '../triage/side.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** The flags by which requests are chosen and logs are read, the same for every command that reads logs. */
export function sharedFlags(command: Command): Command {
  return command
    .option('--since <span>', 'from this long ago until now: 90m, 1h30m, 2d')
    .option('--from <time>', 'from this time on (ISO 8601, or 14:05 today; UTC)')
    .option('--to <time>', 'before this time')
    .option(
      '--status <codes>',
      'only failures with these: 503, 5xx, 500-504, 0, or a comma list; 4xx also asks for plain 4xx',
    )
    .option('--route <name>', 'only this route; * matches anything; repeat for several', collect)
    .option('--backend <cluster>', 'only this upstream cluster; like --route', collect)
    .option('--side <side>', `only this side: ${sides.join(', ')}`)
    .option(
      '--where <field=value>',
      'only requests whose field is (!= is not) this; * matches anything; repeat for and',
      collect,
    )
    .option('--format <name>', `what the lines are: ${formats.join(', ')}`, 'auto')
    .option('--map <field=key>', 'which JSON key is which field: status=rc,flags=rf', collect);
}
