import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Bundles, packageOf } from '../../../scripts/tools/collector-schemas.ts';
import { toolPath } from '../tools/tool.ts';

/** As much of upstream's schema language as its files use (https://github.com/open-telemetry/opentelemetry-collector/tree/main/cmd/mdatagen). */
interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'boolean' | 'integer' | 'number';
  readonly format?: 'duration';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
}
type File = Schema & { readonly $defs?: Readonly<Record<string, Schema>> };

/** A schema and the package whose references it uses. */
interface Place {
  readonly schema: Schema;
  readonly of: string;
}

/**
 * Both components embed this Go struct under a name (`mapstructure:"retry_on_failure"` in pkg/datadog/config/config.go and
 * awscloudwatchlogsexporter/config.go, same versions); the schemas made of them have lost the name.
 */
const embedded = { $ref: 'go.opentelemetry.io/collector/config/configretry.back_off_config', key: 'retry_on_failure' };

const contrib = 'github.com/open-telemetry/opentelemetry-collector-contrib';
let bundles: Bundles | undefined;

/**
 * What is wrong with a component's settings by upstream's own schema of that version: keys that the Go type does not have, values of another
 * type. `where` is a package below contrib, `@`, its version, and `#` a definition where the settings are not the file itself. Needs
 * the tool `collector-schemas`.
 */
export function settingsProblems(where: string, settings: unknown): readonly string[] {
  bundles ??= JSON.parse(readFileSync(toolPath('collector-schemas'), 'utf8')) as Bundles;
  const [bundle = '', definition] = where.split('#');
  const files = bundles[`${contrib}/${bundle}`];
  if (files === undefined) throw new Error(`no schema of ${bundle}; there are ${Object.keys(bundles).join(', ')}`);
  const reader = new Reader(files);
  const of = `${contrib}/${bundle.split('@')[0]}`;
  return reader.problems(settings, reader.place(of, definition), '');
}

class Reader {
  readonly #files: Map<string, File>;

  constructor(files: Readonly<Record<string, string>>) {
    this.#files = new Map(Object.entries(files).map(([name, text]) => [name, parse(text) as File]));
  }

  place(of: string, definition: string | undefined): Place {
    const file = this.#files.get(of);
    if (file === undefined) throw new Error(`the schema refers to ${of}, which was not brought`);
    // A type that upstream gives no schema: anything goes.
    return { schema: definition === undefined ? file : (file.$defs?.[definition] ?? {}), of };
  }

  #target(reference: string, of: string): Place {
    const [, to = '', definition = reference] = /^(?:(.+)\.)?([^.]+)$/.exec(reference) ?? [];
    return this.place(to === '' ? of : packageOf(to, of), definition);
  }

  /** Every key that a value of this schema may have; undefined when it has none of its own, so is no object with known keys. */
  #keys({ schema, of }: Place): ReadonlyMap<string, Place> | undefined {
    const lists = [...this.#parts({ schema, of })].map((part) => this.#keys(part)).filter((keys) => keys !== undefined);
    if (schema.properties === undefined && lists.length === 0) return undefined;
    const own = Object.entries(schema.properties ?? {}).map(([key, s]) => [key, { schema: s, of }] as const);
    return new Map([...lists.flatMap((keys) => [...keys]), ...own]);
  }

  /** The parts that a schema is put together of, each as what it adds. */
  *#parts({ schema, of }: Place): Generator<Place> {
    if (schema.$ref !== undefined) yield this.#target(schema.$ref, of);
    for (const part of schema.allOf ?? [])
      yield part.$ref === embedded.$ref
        ? { schema: { properties: { [embedded.key]: part } }, of }
        : { schema: part, of };
  }

  problems(value: unknown, place: Place, path: string): readonly string[] {
    const keys = this.#keys(place);
    if (keys !== undefined) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: not an object`];
      return Object.entries(value).flatMap(([key, inner]) => {
        const next = keys.get(key);
        const at = path === '' ? key : `${path}.${key}`;
        return next === undefined ? [`${at}: no such key`] : this.problems(inner, next, at);
      });
    }
    const { schema, of } = place;
    if (schema.$ref !== undefined) return this.problems(value, this.#target(schema.$ref, of), path);
    if (Array.isArray(value) && schema.items !== undefined)
      return value.flatMap((inner, i) => this.problems(inner, { schema: schema.items ?? {}, of }, `${path}[${i}]`));
    return fits(value, schema) ? [] : [`${path}: ${JSON.stringify(value)} is no ${schema.format ?? schema.type}`];
  }
}

function fits(value: unknown, { type, format }: Schema): boolean {
  if (format === 'duration') return typeof value === 'string' && /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(value);
  switch (type) {
    case undefined:
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
