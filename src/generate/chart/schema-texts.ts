import { z } from 'zod';
import { yamlFile, yamlText } from '../yaml.ts';
import { chartValues } from './values.ts';

interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
}

/** Draft 7, which Helm reads (https://helm.sh/docs/topics/charts/#schema-files); what a user may leave out is not required. */
const inputSchema = z.toJSONSchema(chartValues, { target: 'draft-7', io: 'input' });

/** values.schema.json. */
export const valuesSchema = (): string => `${JSON.stringify(inputSchema, null, 2)}\n`;

/** All defaults, resolved. */
export const defaults = chartValues.parse({});

/** values.yaml: every value with its default, and what it is for as helm-docs reads it (`# --`). */
export function valuesYaml(): string {
  return `${yamlFile([], []).trimEnd()}\n${written(inputSchema as Node, defaults, '')}`;
}

function written(node: Node, value: unknown, indent: string): string {
  return Object.entries(node.properties ?? {})
    .map(([key, child]) => {
      const own = (value as Record<string, unknown>)[key];
      const remark = child.description ? `${indent}# -- ${child.description}\n` : '';
      if (child.properties) return `${remark}${indent}${key}:\n${written(child, own, `${indent}  `)}`;
      const text = yamlText({ [key]: own })
        .trimEnd()
        .split('\n')
        .map((line) => `${indent}${line}\n`)
        .join('');
      return `${remark}${text}`;
    })
    .join('');
}

/** The README's table: one row for each value. */
export function valuesTable(): string {
  const rows = (node: Node, value: unknown, path: string): readonly string[] =>
    Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
      const own = (value as Record<string, unknown>)[key];
      const at = path === '' ? key : `${path}.${key}`;
      if (child.properties) return rows(child, own, at);
      const shown = JSON.stringify(own).replaceAll('|', '\\|');
      return [`| \`${at}\` | ${typeOf(child)} | \`${shown}\` | ${(child.description ?? '').replaceAll('|', '\\|')} |`];
    });
  return [
    '| Key | Type | Default | Description |',
    '| --- | --- | --- | --- |',
    ...rows(inputSchema as Node, defaults, ''),
  ].join('\n');
}

function typeOf(node: Node): string {
  if (node.enum) return node.enum.map((e) => `\`${e}\``).join(', ');
  if (node.anyOf) return node.anyOf.map(typeOf).join(' or ');
  return String(node.type ?? ('const' in node ? JSON.stringify(node.const) : 'any'));
}
