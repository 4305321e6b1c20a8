import { type FieldId, fieldIds, fields } from '../../envoy/fields.ts';
import { operatorSince, operators, operatorsWithArgument } from '../../envoy/operators.ts';
import { nearest } from '../../nearest.ts';
import { kgatewayVersions } from '../kgateway-versions.ts';
import type { Finding, Path } from '../problem.ts';
import type { Contract } from '../schema/index.ts';
import { credentialHeaders } from './labels.ts';

/** Without these there are no signals, no side and no cause. */
export const neededFields: readonly FieldId[] = [
  'status',
  'flags',
  'details',
  'duration',
  'cluster',
  'route',
  'method',
  'attempts',
];

/** What is logged: the fields signals live on stay, formats are ones Envoy takes, and nothing logs a credential. */
export function* accessLogs(contract: Contract): Generator<Finding> {
  const places: [Path, Partial<Contract['accessLog']> | undefined][] = [
    [['accessLog'], contract.accessLog],
    ...Object.entries(contract.environments).map(([name, e]): [Path, Partial<Contract['accessLog']> | undefined] => [
      ['environments', name, 'accessLog'],
      e.accessLog as Partial<Contract['accessLog']> | undefined,
    ]),
    ...contract.gateways.map((g, i): [Path, Partial<Contract['accessLog']> | undefined] => [
      ['gateways', i, 'accessLog'],
      g.accessLog as Partial<Contract['accessLog']> | undefined,
    ]),
  ];
  for (const [path, log] of places) {
    if (!log) continue;
    for (const [i, name] of (log.omit ?? []).entries())
      if (needed(name))
        yield { path: [...path, 'omit', i], message: `${name} can't be left out: signals and verdicts are made of it` };
    for (const [name, how] of Object.entries(log.redact ?? {})) {
      if (needed(name))
        yield {
          path: [...path, 'redact', name],
          message: `${name} can't be redacted: signals and verdicts are made of it`,
        };
      else if (how === 'network' && !['client.address', 'network.peer.address', 'envoy.upstream_host'].includes(name))
        yield {
          path: [...path, 'redact', name],
          message: `network is for addresses, and ${name} is none`,
          hint: 'drop or hash',
        };
    }
    for (const [name, format] of Object.entries(log.extraFields ?? {}))
      yield* formatted([...path, 'extraFields', name], format, kgatewayVersions[contract.kgateway.version].envoy);
  }
}

const needed = (name: string) =>
  neededFields.some((id) => fields[id].name === name) && fieldIds.some((id) => fields[id].name === name);

/** One operator: name, argument (which may hold parentheses and `%`: `%START_TIME(%s.%3f)%`), length. */
const operator = /%([A-Z0-9_]+)(\([^()]*(?:\([^()]*\))?[^()]*\))?(?::\d+)?%/g;

function* formatted(path: Path, format: string, envoy: string): Generator<Finding> {
  const outside = format.replaceAll('%%', '').replace(operator, '');
  if (outside.includes('%'))
    yield {
      path,
      message: `${format}: a % that begins no operator`,
      hint: 'an operator is %NAME%, %NAME(argument)% or %NAME(argument):length%; a plain % is %%',
    };
  if (format.includes('%REQ_WITHOUT_QUERY'))
    yield {
      path,
      message: '%REQ_WITHOUT_QUERY% is refused by the OTLP logger, and with it the whole listener',
      hint: '%PATH(NQ)% is the path without its query',
    };
  else yield* known(path, format, envoy);
  for (const [, headers] of format.matchAll(/%(?:REQ|RESP|TRAILER)\(([^)]*)\)/g))
    for (const header of (headers ?? '').toLowerCase().split('?'))
      if (credentialHeaders.has(header))
        yield { path, message: `${header} carries credentials, which must not be stored` };
}

function* known(path: Path, format: string, envoy: string): Generator<Finding> {
  for (const [text, name = '', argument] of format.replaceAll('%%', '').matchAll(operator)) {
    const since = operatorSince.get(name);
    if (name === 'REQ_WITHOUT_QUERY') continue;
    if (!operators.has(name)) {
      const guess = nearest(name, [...operators]);
      const hint = guess && `did you mean %${guess}%?`;
      yield { path, message: `${text}: Envoy knows no such operator and would refuse the whole listener`, hint };
    } else if (operatorsWithArgument.has(name) && argument === undefined)
      yield { path, message: `${text}: needs an argument, as in %${name}(...)%` };
    else if (since && Number(since.split('.')[1]) > Number(envoy.split('.')[1]))
      yield {
        path,
        message: `${text}: there from Envoy ${since} on, and this kgateway has ${envoy}`,
        against: ['kgateway', 'version'],
      };
  }
}
