import { IN_FILE, allKeys, spelled } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { configurationSchema } from './configuration-schema';

/** As much of JSON Schema as is needed to walk through ours. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

const KEYS = allKeys(configurationSchema);

/** JSON Schema (draft 7, which editors know best) of what may be written in the file. */
export function configurationJsonSchema(): JsonSchema {
  return inFile(z.toJSONSchema(configurationSchema, { io: 'input', target: 'draft-07' }) as JsonSchema);
}

/** The schema with keys as a file spells them, and without what is said to others than editors. */
function inFile(schema: JsonSchema): JsonSchema {
  const { description, properties, required, items } = schema;
  const warning = schema['secret'] !== true ? '' : schema['type'] === 'object' ? ' Secrets.' : ' A secret.';
  const { kind: _kind, secret: _secret, ...rest } = schema;
  return {
    ...rest,
    ...(description && { description: `${spelled(description, KEYS, IN_FILE)}${warning}` }),
    ...(properties && { properties: propertiesInFile(properties) }),
    ...(required && { required: required.map(IN_FILE.key) }),
    ...(items && { items: inFile(items) }),
  };
}

function propertiesInFile(
  properties: NonNullable<JsonSchema['properties']>,
): NonNullable<JsonSchema['properties']> {
  const entries = Object.entries(properties).filter(([, part]) => part['codeOnly'] !== true);
  return Object.fromEntries(entries.map(([key, part]) => [IN_FILE.key(key), inFile(part)]));
}
