import { IN_FILE, allKeys, spelled } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { configurationSchema } from '@opensqt/configuration';
import { withDocComments } from './doc-comments';
import type { JsonSchema } from './json-schema';

/** A value that is kept in a file of its own. */
const FILE = {
  type: 'object',
  properties: { file: { type: 'string', description: 'The path of a file that holds the value.' } },
  required: ['file'],
  additionalProperties: false,
};

const KEYS = allKeys(configurationSchema);

/** JSON Schema (draft 7, which editors know best) of what may be written in the file. */
export function configurationJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configurationSchema, { io: 'input', target: 'draft-07' }) as JsonSchema;
  return { ...inFile(withDocComments(schema)), definitions: { file: FILE } };
}

/** The schema with keys as a file spells them, and without what is said to others than editors. */
function inFile(schema: JsonSchema): JsonSchema {
  const { description, properties, required, items } = schema;
  const warning = schema['secret'] !== true ? '' : schema['type'] === 'object' ? ' Secrets.' : ' A secret.';
  const { kind: _kind, secret: _secret, ...rest } = schema;
  const isLeaf = properties === undefined && items === undefined && !('const' in schema);
  return {
    ...(isLeaf ? orFile(rest) : rest),
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

/** A value, or the file that holds it. */
function orFile({ title, description, default: fallback, ...constraints }: JsonSchema): JsonSchema {
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [constraints, { $ref: '#/definitions/file' }],
  };
}
