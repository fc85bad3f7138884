import { z } from 'zod';
import type { KeyPath } from './key-path';
import { IN_FILE, type Spelling } from './spelling';

/** Any schema. */
export type Schema = z.core.$ZodType;

function withoutDefault(schema: Schema): Schema {
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault;
  return wrapped ? withoutDefault(schema.def.innerType) : schema;
}

/** The schema of what is written: behind defaults, and before transformations. */
function written(schema: Schema): Schema {
  const bare = withoutDefault(schema);
  if (!(bare instanceof z.ZodPipe)) return bare;
  return written(bare.def.in instanceof z.ZodTransform ? bare.def.out : bare.def.in);
}

/** The keys of a section, of all its kinds if there are several; undefined when the schema is none. */
export function shapeOf(schema: Schema | undefined): Readonly<Record<string, Schema>> | undefined {
  const section = schema && written(schema);
  if (section instanceof z.ZodDiscriminatedUnion) {
    return Object.assign({}, ...section.options.map(shapeOf)) as Readonly<Record<string, Schema>>;
  }
  return section instanceof z.ZodObject ? section.shape : undefined;
}

/** The schema of a list's entries; undefined when the schema is no list. */
export function entryOf(schema: Schema | undefined): Schema | undefined {
  const list = schema && written(schema);
  return list instanceof z.ZodArray ? list.def.element : undefined;
}

/** The metadata of a value: `kind`, `secret` and what editors go by. */
export function metadataOf(schema: Schema): Readonly<Record<string, unknown>> {
  return { ...z.globalRegistry.get(withoutDefault(schema)), ...z.globalRegistry.get(schema) };
}

/** The schema at the path; undefined when the way ends before. */
export function schemaAt(root: Schema, path: KeyPath): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (schema, segment) => (typeof segment === 'number' ? entryOf(schema) : shapeOf(schema)?.[segment]),
    root,
  );
}

/** Every key of the schema, at any depth. */
export function allKeys(root: Schema): ReadonlySet<string> {
  const entry = entryOf(root);
  if (entry !== undefined) return allKeys(entry);
  return new Set(Object.entries(shapeOf(root) ?? {}).flatMap(([key, part]) => [key, ...allKeys(part)]));
}

/** The names of a section's keys as they are written there, with the schema's. Some keys are for code only. */
export function writtenKeys(section: Schema | undefined, spelling: Spelling): ReadonlyMap<string, string> {
  const entries = Object.entries(shapeOf(section) ?? {}).filter(
    ([, part]) => spelling !== IN_FILE || metadataOf(part)['codeOnly'] !== true,
  );
  return new Map(entries.map(([name]) => [spelling.key(name), name]));
}
