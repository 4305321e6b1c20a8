import { SourceError } from '../source.ts';

/** What of the SDK's exceptions is looked at. */
interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly queryCompileError?: {
    readonly message?: string;
    readonly location?: { readonly startCharOffset?: number; readonly endCharOffset?: number };
  };
}

/** Why a call failed, where a reason decides what happens next. */
export type Failure = 'denied' | 'unknown-group' | 'stopped' | 'other';

export class CloudWatchError extends SourceError {
  readonly failure: Failure;

  constructor(
    failure: Failure,
    message: string,
    hint?: string,
    options?: ErrorOptions & { readonly passing?: boolean },
  ) {
    super(message, hint, options);
    this.name = 'CloudWatchError';
    this.failure = failure;
  }
}

const busy = new Set([
  ...['LimitExceededException', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'],
  ...['ServiceUnavailableException', 'ServiceUnavailable', 'InternalFailure', 'TimeoutError', 'RequestTimeout'],
]);

/** The service asks to come back later, or the connection broke on the way. */
export function isBusy(error: unknown): boolean {
  const e = error as Thrown;
  if (e?.name === 'AbortError') return false;
  return (
    busy.has(e?.name) ||
    ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'].includes(e?.code ?? '') ||
    (e?.$metadata?.httpStatusCode ?? 0) >= 500
  );
}

/** An exception of the SDK as what, where and what to do. */
export function inWords(
  error: unknown,
  context: {
    readonly about: string;
    readonly profile?: string | undefined;
    readonly role?: string | undefined;
    readonly query?: string;
  },
): SourceError {
  if (error instanceof SourceError) return error;
  const e = error as Thrown;
  const { about, profile, role } = context;
  const cause = { cause: error };
  const made = (failure: Failure, message: string, hint?: string) =>
    new CloudWatchError(failure, message, hint, { ...cause, passing: isBusy(error) || isAway(e) });
  switch (e.name) {
    case 'AbortError':
      return made('stopped', 'stopped: what ran in CloudWatch was ended');
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return made(
        'other',
        `no AWS credentials${profile === undefined ? '' : ` in profile ${profile}`}: ${e.message}`,
        'tried in this order: environment (AWS_ACCESS_KEY_ID), SSO and shared files (--profile, AWS_PROFILE), web identity, container, instance; aws sts get-caller-identity tries the same',
      );
    case 'ExpiredTokenException':
    case 'ExpiredToken':
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'InvalidClientTokenId':
    case 'SignatureDoesNotMatch':
      return made(
        'other',
        `AWS refuses the credentials: ${e.message}`,
        "log in again (aws sso login), or look at the machine's clock",
      );
    case 'AccessDeniedException':
    case 'AccessDenied':
      return made(
        'denied',
        `${about}: access denied${role === undefined ? '' : ` (as ${role})`}: ${e.message}`,
        'needed: logs:StartQuery, logs:GetQueryResults, logs:StopQuery, logs:DescribeLogGroups, logs:GetLogGroupFields, logs:FilterLogEvents',
      );
    case 'ResourceNotFoundException':
      return made(
        'unknown-group',
        `${about}: no such log group in this account and region`,
        'aws logs describe-log-groups lists them; --region and --profile choose where',
      );
    case 'MalformedQueryException':
      return made(
        'other',
        `CloudWatch can't read the query${placeOf(e)}: ${e.queryCompileError?.message ?? e.message}`,
        'vigia query --show prints it',
      );
  }
  if (e.message?.includes('Region is missing'))
    return made('other', 'no AWS region', '--region, AWS_REGION, or a region in the profile');
  if (isAway(e))
    return made(
      'other',
      `CloudWatch Logs can't be reached: ${e.message}`,
      'a proxy or a VPC endpoint? AWS_ENDPOINT_URL_CLOUDWATCH_LOGS names one',
    );
  return made('other', `${about}: ${e.name}: ${e.message}`);
}

const isAway = (e: Thrown): boolean => ['ENOTFOUND', 'ECONNREFUSED', 'EAI_AGAIN'].includes(e.code ?? '');

function placeOf({ queryCompileError }: Thrown): string {
  const { startCharOffset, endCharOffset } = queryCompileError?.location ?? {};
  if (startCharOffset === undefined) return '';
  return endCharOffset === undefined
    ? ` at character ${startCharOffset}`
    : ` at characters ${startCharOffset} to ${endCharOffset}`;
}
