import { describe, expect, test } from 'vitest';
import { detailOf, details, resetReasons } from '../src/envoy/details.ts';
import { normaliseDetails, parseDetails } from '../src/envoy/details-text.ts';
import { fieldIds, fields, fileKey } from '../src/envoy/fields.ts';
import { grpcCode } from '../src/envoy/grpc-status.ts';
import { parseFlags, primaryFlag, responseFlags } from '../src/envoy/response-flags.ts';

describe('response flags', () => {
  test("are the 30 that Envoy 1.40's ResponseFlagFilter accepts", () => {
    const accepted =
      'LH UH UT LR UR UF UC UO NR DI FI RL UAEX RLSE DC URX SI IH DPE UMSDR RFCF NFCF DT UPE NC OM DF DO DR UDO';
    expect(Object.keys(responseFlags)).toEqual(accepted.split(' '));
  });

  test.each([
    ['-', []],
    ['', []],
    ['URX,UF', ['URX', 'UF']],
    ['UpstreamConnectionFailure,UpstreamRetryLimitExceeded', ['UF', 'URX']],
    ['UF, XQ', ['UF', 'XQ']],
  ])('%s reads as %j', (text, flags) => expect(parseFlags(text)).toEqual(flags));

  test.each([
    [['URX', 'UF'], 'UF'],
    [['UF', 'URX'], 'UF'],
    [['UO', 'UT'], 'UT'],
    [['URX', 'UO'], 'UO'],
    [['URX'], 'URX'],
    [[], '-'],
  ])('the cause in %j is %s', (flags, cause) => expect(primaryFlag(flags)).toBe(cause));
});

describe('details of every age read the same', () => {
  test.each([
    [
      'upstream_reset_before_response_started{connection termination}',
      'upstream_reset_before_response_started{connection_termination}',
    ],
    [
      'upstream_reset_before_response_started{connection failure,delayed connect error: 111}',
      'upstream_reset_before_response_started{connection_failure|delayed_connect_error:_Connection_refused}',
    ],
    [
      'upstream_reset_before_response_started{remote_connection_failure,delayed_connect_error:_113}',
      'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_No_route_to_host}',
    ],
    [
      'upstream_reset_before_response_started{remote_connection_failure|immediate_connect_error:_Network_is_unreachable|remote_address:10.0.0.1:80}',
      'upstream_reset_before_response_started{remote_connection_failure|immediate_connect_error:_Network_is_unreachable}',
    ],
    ['upstream_response_timeout', 'response_timeout'],
    ['via_upstream', 'via_upstream'],
    ['something_from_10.42.0.7:8080', 'something_from_<address>'],
    ['-', ''],
  ])('%s', (raw, normal) => {
    expect(normaliseDetails(raw)).toBe(normal);
    expect(normaliseDetails(normal)).toBe(normal);
  });

  test('a TLS error keeps its own bars', () => {
    const text = normaliseDetails(
      'upstream_reset_before_response_started{remote_connection_failure|TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end}',
    );
    expect(parseDetails(text)).toEqual({
      name: 'upstream_reset_before_response_started',
      reason: 'remote_connection_failure',
      transport: 'TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end',
    });
  });

  test('a hostile string of any length stays short', () =>
    expect(normaliseDetails('x'.repeat(100_000)).length).toBe(200));

  test('every entry has a meaning, and prefixes find theirs', () => {
    for (const d of [...Object.values(details), ...Object.values(resetReasons)])
      expect(d.meaning.length).toBeGreaterThan(5);
    expect(detailOf('http1.codec_error')?.side).toBe('client');
    expect(detailOf('codec_error:bad')?.side).toBe('client');
    expect(detailOf('constructor')).toBeUndefined();
  });
});

test('gRPC status in every spelling', () => {
  expect(
    [
      'Unavailable',
      'UNAVAILABLE',
      '14',
      'DEADLINE_EXCEEDED',
      'DeadlineExceeded',
      'Canceled',
      'CANCELLED',
      'OK',
      '0',
      '99',
      'odd',
    ].map(grpcCode),
  ).toEqual([14, 14, 14, 4, 4, 1, 1, 0, 0, 2, 2]);
});

test('field names are unique in both spellings', () => {
  expect(new Set(fieldIds.map((id) => fields[id].name)).size).toBe(fieldIds.length);
  expect(new Set(fieldIds.map(fileKey)).size).toBe(fieldIds.length);
});
