import type { Read, Test, Value } from '../../remote/expression.ts';

/** What a template needs of the language. */
export interface Fields {
  field(read: Read): string;
  /** Whether the records carry the Collector's own buckets. */
  readonly storedBuckets: boolean;
}

/**
 * A group's key as a template of label_format (https://grafana.com/docs/loki/latest/query/template_functions/). A label that is missing is the
 * empty text there; texts of ours are Go literals, which JSON's are. `computed`: buckets are made of the number, not taken from the record.
 */
export function template(value: Value, logql: Fields, computed = !logql.storedBuckets): string {
  const field = (read: Read): string => `.${logql.field(read)}`;
  switch (value.kind) {
    case 'text':
      return value.first === undefined
        ? `{{ ${field(value.read)} }}`
        : `{{ if ${isSet(field(value.first))} }}{{ ${field(value.first)} }}{{ else }}{{ ${field(value.read)} }}{{ end }}`;
    case 'bit':
      return `{{ if ${truth(value.test, field)} }}1{{ else }}0{{ end }}`;
    case 'bucket': {
      if (!computed) return `{{ ${field(value.stored)} }}`;
      // From the greatest edge down; the index, and nothing where there is no number.
      const steps = value.edges
        .map((edge, i) => ({ edge, i }))
        .slice(1)
        .reverse()
        .map(({ edge, i }, at) => `${at === 0 ? '{{ if' : '{{ else if'} ge $n ${float(edge)} }}${i}`);
      const f = field(value.read);
      return `{{ if ${isSet(f)} }}{{ $n := float64 ${f} }}${steps.join('')}{{ else }}0{{ end }}{{ end }}`;
    }
    case 'among': {
      const f = field(value.read);
      const equal = value.numbers.map((n) => `(eq ${f} ${JSON.stringify(String(n))})`);
      return `{{ if or ${equal.join(' ')} }}{{ ${f} }}{{ else }}-{{ end }}`;
    }
  }
}

const isSet = (f: string): string => `(and (ne ${f} "") (ne ${f} "-"))`;

/** Go's templates read `1` as a whole number, which does not compare with a float. */
const float = (n: number): string => (Number.isInteger(n) ? `${n}.0` : String(n));

function truth(test: Test, field: (read: Read) => string): string {
  switch (test.kind) {
    case 'all':
    case 'any':
      return test.of.length === 1 && test.of[0]
        ? truth(test.of[0], field)
        : `(${test.kind === 'all' ? 'and' : 'or'} ${test.of.map((t) => truth(t, field)).join(' ')})`;
    case 'set':
      return isSet(field(test.read));
    case 'unset':
      return `(not ${isSet(field(test.read))})`;
    case 'prefix':
      return `(or ${test.prefixes.map((p) => `(hasPrefix ${JSON.stringify(p)} ${field(test.read)})`).join(' ')} false)`;
    case 'number': {
      const f = field(test.read);
      // `float64 "-"` is 0, without a word.
      return `(and ${isSet(f)} ${test.from === undefined ? 'true' : `(ge (float64 ${f}) ${float(test.from)})`} ${test.below === undefined ? 'true' : `(lt (float64 ${f}) ${float(test.below)})`})`;
    }
    default:
      throw new Error(`a key of kind ${test.kind} is asked for by no signature`);
  }
}
