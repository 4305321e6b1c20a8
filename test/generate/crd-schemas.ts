import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

// The closed JSON schemas of kgateway, the Gateway API and the operators; they lie beside the project where it is developed and in CI.
const folder = fileURLToPath(new URL('../../../shared/schemas/', import.meta.url));

/** Why no object can be held against a schema here; undefined when it can. */
export const schemasMissing: string | undefined = existsSync(folder)
  ? undefined
  : 'the CRD schemas are not on this machine: they belong into ../shared/schemas, beside the checkout';

interface Item {
  readonly apiVersion: string;
  readonly kind: string;
}

const known = new Map<string, (value: unknown) => readonly string[]>();

/** What of an object its schema does not take; undefined for kinds without a schema (Service, Namespace). */
export function refused(item: Item): readonly string[] | undefined {
  const [group = '', version = ''] = item.apiVersion.split('/');
  const key = `${group}/${item.kind.toLowerCase()}_${version}.json`;
  if (!existsSync(`${folder}${key}`)) return undefined;
  const check = known.get(key) ?? compiled(`${folder}${key}`);
  known.set(key, check);
  return check(item);
}

export const schemaGroups = (): readonly string[] => readdirSync(folder);

function compiled(file: string): (value: unknown) => readonly string[] {
  // Formats and Kubernetes' own keywords are the API server's business (test/real/kgateway.test.ts).
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  // A pattern with Go's `(?i)` is none to JavaScript; kubeconform and the API server hold it.
  const schema = JSON.parse(readFileSync(file, 'utf8'), (key, value) =>
    key === 'pattern' && String(value).includes('(?i)') ? undefined : value,
  );
  const validate = ajv.compile(schema);
  return (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}
