import type { Command } from 'commander';
import { Misuse } from '../misuse.ts';
import { parseSize } from '../size.ts';
import type { Store } from './store.ts';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** CloudWatch Logs: group, region and role from the contract unless flags say others; credentials by AWS' own chain. */
export const cloudwatch: Store<'cloudwatch'> = {
  flags(command: Command): void {
    command
      .option(
        '--log-group <name>',
        'cloudwatch: a log group, or its ARN; * matches anything; repeat for several',
        collect,
      )
      .option('--region <region>', 'cloudwatch: the AWS region')
      .option('--profile <name>', "cloudwatch: a profile of AWS' shared configuration")
      .option('--role <arn>', 'cloudwatch: an IAM role to assume')
      .option('--max-scan <size>', 'cloudwatch: scan no more than this: 500MB, 20GB, 2TB (200GB, about 1 USD)');
  },
  async open({ options, told, overrides, signal, progress, warn }) {
    const groups = (options['logGroup'] as string[] | undefined) ?? (told ? [told.logs.group] : []);
    if (groups.length === 0)
      throw new Misuse(
        '--source cloudwatch: no log group',
        '--log-group NAME, or --cluster NAME with a contract that says it',
      );
    const size = options['maxScan'] as string | undefined;
    const maxScan = size === undefined ? undefined : parseSize(size, '--max-scan');
    const { cloudwatchSource } = await import('../../logs/sources/cloudwatch.ts');
    return cloudwatchSource({
      groups,
      region: (options['region'] as string | undefined) ?? told?.logs.region ?? told?.cluster.region,
      profile: options['profile'] as string | undefined,
      role: (options['role'] as string | undefined) ?? told?.logs.roleArn,
      maxScan,
      overrides,
      signal,
      progress,
      warn,
    });
  },
};
