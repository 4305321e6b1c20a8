import { z } from 'zod';
import { contractSchema } from '../../src/contract/schema/index.ts';

export const contractSchemaPath = 'vigia.schema.json';

/** The shape of a contract for editors, made from the schema that reads it. What holds between its parts only vigia itself can say. */
export function contractJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(contractSchema, { io: 'input', target: 'draft-7' });
  return { $schema, title: 'vigia.yaml', ...schema };
}

export function contractSchemaFile(): string {
  return `${JSON.stringify(contractJsonSchema(), null, 2)}\n`;
}
