import type { LiveTailSessionLogEvent, StartLiveTailResponseStream } from '@aws-sdk/client-cloudwatch-logs';
import { NoPush, type Push } from '../../remote/push.ts';
import type { Stored } from '../../remote/take-records.ts';
import type { Client } from './client.ts';
import { CloudWatchError, isBusy } from './errors.ts';
import type { Group } from './groups.ts';
import { limits } from './limits.ts';

/** A line as both Live Tail and a query have it: neither says the other's id. */
export const lineOf = (
  {
    message,
    timestamp,
    stream,
  }: { readonly message: string; readonly timestamp: number | undefined; readonly stream: string },
  group: string | undefined,
): Stored => ({
  id: JSON.stringify([stream, timestamp, message]),
  raw: message,
  time: timestamp,
  place: `${group ?? ''} ${stream}`.trimStart(),
});

/**
 * Live Tail: lines within a few seconds of their arrival, whatever their time, those beyond 500 a second sampled, three hours at a time
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html).
 */
export function liveTailOf(client: Client, groups: readonly Group[], pattern: string | undefined): Push {
  let filter = pattern;
  return {
    name: 'Live Tail',
    honest: true,
    async session({ signal, opened, take, lost }) {
      const arns = groups.flatMap((g) => g.arn ?? []);
      if (arns.length < groups.length)
        throw new NoPush('it takes ARNs, and without logs:DescribeLogGroups a log group is named by its ARN');
      if (arns.length > limits.liveGroups) throw new NoPush(`it takes ${limits.liveGroups} log groups at most`);
      // Its events have the id of the group, which is worth showing where there are several.
      const placed = (e: LiveTailSessionLogEvent): Stored =>
        lineOf(
          { message: e.message ?? '', timestamp: e.timestamp, stream: e.logStreamName ?? '-' },
          groups.length === 1
            ? groups[0]?.id
            : e.logGroupIdentifier?.replace(/^arn:[^:]+:logs:[^:]+:(\d+):log-group:/, '$1:'),
        );
      const answer = await begun(client, arns, filter, signal).catch((error: unknown) => {
        if (filter !== undefined && (error as Error).cause && isInvalid((error as Error).cause)) {
          // Better all lines than none; the next session goes without.
          filter = undefined;
          throw new Error('it refuses the pattern, and gives every line from now on');
        }
        throw error;
      });
      try {
        for await (const event of answer) {
          if (signal.aborted) return;
          if (event.sessionStart) opened();
          for (const one of event.sessionUpdate?.sessionResults ?? []) take(placed(one));
          if (event.sessionUpdate?.sessionMetadata?.sampled)
            lost('samples, because more than 500 lines a second match', undefined);
          // The exceptions of the stream are events to some versions of the SDK, and thrown by others.
          if (event.SessionTimeoutException) return;
          if (event.SessionStreamingException) throw new Error(event.SessionStreamingException.message);
        }
      } catch (error) {
        if (!signal.aborted && (error as Error).name !== 'SessionTimeoutException') throw error;
      }
    },
  };
}

async function begun(
  client: Client,
  logGroupIdentifiers: string[],
  filter: string | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<StartLiveTailResponseStream>> {
  try {
    const answer = await client.call(
      (c) => {
        const command = new client.sdk.StartLiveTailCommand({
          logGroupIdentifiers,
          ...(filter === undefined ? {} : { logEventFilterPattern: filter }),
        });
        command.middlewareStack.add((next) => (args) => next(toOwnHost(args)), { step: 'build' });
        // Also ends the stream: a session that is left open is billed on.
        return c.send(command, { abortSignal: signal });
      },
      logGroupIdentifiers.join(', '),
      { attempts: 1 },
    );
    if (!answer.responseStream) throw new Error('it answers without a stream');
    return answer.responseStream;
  } catch (error) {
    if (signal.aborted || isInvalid((error as Error).cause) || isBusy((error as Error).cause)) throw error;
    if (error instanceof CloudWatchError && error.failure === 'denied')
      throw new NoPush(`${error.message}; it needs logs:StartLiveTail`);
    if (error instanceof CloudWatchError && error.failure === 'other') throw new NoPush(error.message);
    throw error;
  }
}

/** An endpoint of the user's own (AWS_ENDPOINT_URL, a VPC endpoint) has no second name with `stream-` before it, as AWS' hosts have. */
function toOwnHost<T extends { request: unknown }>(args: T): T {
  const request = args.request as { hostname?: string };
  const [, host] = /^stream-(?!logs\.)(.+)$/.exec(request.hostname ?? '') ?? [];
  if (host !== undefined) request.hostname = host;
  return args;
}

const isInvalid = (error: unknown): boolean => (error as Error | undefined)?.name === 'InvalidParameterException';
