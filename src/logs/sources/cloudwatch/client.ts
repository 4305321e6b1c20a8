import type * as Sdk from '@aws-sdk/client-cloudwatch-logs';
import { type Clock, withBackOff } from '../../remote/back-off.ts';
import { inWords, isBusy } from './errors.ts';
import { limits } from './limits.ts';

export interface ClientOptions {
  /** Undefined: the SDK's own way (AWS_REGION, the profile's region). */
  readonly region: string | undefined;
  /** Of the shared configuration; undefined: AWS_PROFILE or default. */
  readonly profile: string | undefined;
  /** Assumed on top of the default credentials. */
  readonly role: string | undefined;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** CloudWatch Logs' API: the SDK, loaded on first use, its errors in words, and patience when the service is busy. */
export interface Client {
  readonly sdk: typeof Sdk;
  readonly region: string;
  /**
   * Makes a call. `about` is what it is about, for messages. `always`: also after the user stopped (StopQuery). `attempts`: fewer for what
   * can be done without.
   */
  call<T>(
    make: (client: Sdk.CloudWatchLogsClient, signal: AbortSignal | undefined) => Promise<T>,
    about: string,
    options?: { readonly always?: boolean; readonly attempts?: number },
  ): Promise<T>;
  end(): void;
}

/** The default chain of credentials: environment, SSO, shared files, web identity (IRSA), container, instance; then the role, if one is named. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const { profile, region, role, signal, clock } = options;
  const sdk = await import('@aws-sdk/client-cloudwatch-logs');
  const base = { ...(profile === undefined ? {} : { profile }), ...(region === undefined ? {} : { region }) };
  const credentials = role === undefined ? undefined : await assumed(role, base);
  // Trying again is ours alone: two layers of it would multiply.
  const client = new sdk.CloudWatchLogsClient({ ...base, ...(credentials ? { credentials } : {}), maxAttempts: 1 });
  const resolved = await client.config.region().catch((error: unknown) => {
    throw inWords(error, { about: 'the region', profile, role });
  });
  return {
    sdk,
    region: resolved,
    end: () => client.destroy(),
    async call(make, about, { always = false, attempts = limits.attempts } = {}) {
      const stop = always ? undefined : signal;
      try {
        stop?.throwIfAborted();
        return await withBackOff(() => make(client, stop), {
          clock,
          signal: stop,
          attempts,
          baseMs: 200,
          maxMs: 20_000,
          retryAfter: (error) => (isBusy(error) ? 0 : undefined),
        });
      } catch (error) {
        throw inWords(error, { about, profile, role });
      }
    },
  };
}

async function assumed(role: string, base: { readonly profile?: string; readonly region?: string }) {
  const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  return fromTemporaryCredentials({
    params: { RoleArn: role, RoleSessionName: 'vigia' },
    masterCredentials: fromNodeProviderChain(base.profile === undefined ? {} : { profile: base.profile }),
    ...(base.region === undefined ? {} : { clientConfig: { region: base.region } }),
  });
}
