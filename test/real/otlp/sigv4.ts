import { createHash, createHmac } from 'node:crypto';
import type { Arrived } from './capture.ts';

/** What a request's `Authorization` says, and the signature that the same request has with the secret. */
export interface Signed {
  readonly key: string;
  /** `<region>/<service>`. */
  readonly scope: string;
  readonly headers: readonly string[];
  readonly signature: string;
  readonly expected: string;
}

/** Signs what arrived once more (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). */
export function signed({ method, path, headers, body }: Arrived, secret: string): Signed {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=(\S+), Signature=(\w+)$/;
  const parts = pattern.exec(headers.authorization ?? '');
  if (parts === null) throw new Error(`not signed with SigV4: ${headers.authorization}`);
  const [, key = '', day = '', region = '', service = '', names = '', signature = ''] = parts;
  const canonical = [
    ...[method, path, ''],
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    ...['', names, sha256(body)],
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const signing = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return {
    ...{ key, scope: `${region}/${service}`, headers: names.split(';'), signature },
    expected: hmac(signing, text).toString('hex'),
  };
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
