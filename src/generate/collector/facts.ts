import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import { attribute, cache, isMatch, replace, set } from './ottl.ts';

/** What a rule of src/signals/side.ts may look at. */
export type Fact = 'key' | 'flag' | 'transport' | 'grpc' | 'status' | 'duration' | 'age';

/**
 * Of which form the details are: a reset, which names its reason in braces; another name; or none. A rule asks for keys of one form, so records of
 * another need not be asked for it.
 */
export type Form = 'reset' | 'bare' | 'named';

const details = attribute(fields.details.name);
const key = cache('key');

/** Whether the details are of the form, given that they are of none before it: the first that holds. */
export const formIs: Readonly<Record<Form, readonly string[]>> = {
  // Whoever writes a key of ours for details gets what a reset gets.
  reset: [isMatch(details, '^(?:upstream_reset_|reset\\{|after\\{)')],
  bare: [`(${details} == nil or ${isMatch(details, '^(?:-?$|[\\[{(])')})`],
  named: [],
};

/** The statements that find out the facts, in the cache. Records that need them are few in a quiet hour and all in an outage. */
export function factStatements(form: Form, wanted: ReadonlySet<Fact>): readonly string[] {
  const statements: Readonly<Record<Fact, readonly string[]>> = {
    key: keyStatements(form),
    flag: flagStatements(),
    transport: transportStatements(),
    grpc: orEmpty('grpc', attribute(fields.grpcStatus.name)),
    status: number('status', fields.status.name),
    duration: number('duration', fields.duration.name),
    age: number('age', fields.connectionAge.name),
  };
  return (Object.keys(statements) as Fact[]).filter((fact) => wanted.has(fact)).flatMap((fact) => statements[fact]);
}

/** The details' name without what follows in brackets; of a reset its reason. */
function keyStatements(form: Form): readonly string[] {
  if (form === 'bare') return [set(key, '""')];
  const bracket = (...when: readonly string[]): string => replace(key, '[\\[{(].*$', '', ...when);
  if (form === 'named') return [set(key, details), bracket()];
  const reset = (when: string) => `HasPrefix(${key}, "upstream_reset_${when}_response_started{")`;
  // Splitting costs a tenth of what a regular expression with groups does.
  const reason = `Split(Split(Split(${key}, "{")[1], "|")[0], ",")[0]`;
  const taken = `(HasPrefix(${key}, "reset{") or HasPrefix(${key}, "after{"))`;
  return [
    set(key, details),
    set(key, `TrimSuffix(Concat(["reset{", ${reason}], ""), "}")`, reset('before')),
    set(key, `TrimSuffix(Concat(["after{", ${reason}], ""), "}")`, reset('after')),
    bracket(`not ${taken}`),
  ];
}

/** The primary flag of those that say something failed. */
function flagStatements(): readonly string[] {
  const [flag, failing] = [attribute(derived.flag), attribute(derived.failingFlag)];
  return [
    set(cache('flag'), '"-"'),
    set(cache('flag'), flag, `${flag} != nil`),
    set(cache('flag'), failing, `${failing} != nil`),
  ];
}

/** What the transport said, in its own field or inside the details. */
function transportStatements(): readonly string[] {
  const [to, from] = [cache('transport'), attribute(fields.transportFailure.name)];
  return [
    set(to, from, `${from} != nil and ${from} != "-"`),
    set(to, details, `${to} == nil`, isMatch(details, '[|,]')),
    replace(to, '^upstream_reset[^|,]*[|,]', '', `HasPrefix(${to}, "upstream_reset")`),
  ];
}

const orEmpty = (name: string, from: string): readonly string[] => [
  set(cache(name), '""'),
  set(cache(name), from, `${from} != nil`),
];

/** Digits come after the dash that stands for none; a field that is not logged is not above it either. */
const number = (name: string, field: string): readonly string[] => [
  set(cache(name), `Double(${attribute(field)})`, `${attribute(field)} > "-"`),
];
