import { writtenDuration } from './duration';
import { type KeyPath, formatPath } from './key-path';
import type { Issue } from './schema-violations';
import { type Schema, entryOf, metadataOf, shapeOf, writtenKeys } from './schema-walk';
import { IN_FILE } from './spelling';

/** Options of a file, spelled as in code. */
export interface WrittenOptions {
  readonly value: unknown;
  /** Mistakes that only a file can have: a key that code would know by this name, a number without its unit. */
  readonly issues: readonly Issue[];
}

const UNITLESS: Readonly<Record<string, (value: number) => string>> = {
  duration: (value) => `a duration with its unit: write ${value}s for seconds or ${value}ms for milliseconds`,
  size: (value) => `a size with its unit, such as ${value}MB`,
  time: () => 'a time in UTC such as 2026-01-01T00:00:00Z',
};

/**
 * Options as a file has them, in the spelling of code: keys of the schema in camelCase, keys without a value left out. What
 * the schema doesn't know, such as the names of HTTP headers, stays as it is.
 */
export function spelledAsInCode(schema: Schema, root: unknown): WrittenOptions {
  const issues: Issue[] = [];

  const visit = (part: Schema, value: unknown, path: KeyPath): unknown => {
    const entry = entryOf(part);
    if (entry !== undefined && Array.isArray(value)) {
      return value.map((item, index) => visit(entry, item, [...path, index]));
    }
    const shape = shapeOf(part);
    if (shape !== undefined && isRecord(value)) return visitKeys(part, shape, value, path);
    const unit = UNITLESS[String(metadataOf(part)['kind'])];
    if (unit !== undefined && typeof value === 'number') {
      issues.push({ code: 'custom', path: [...path], message: unit(value), input: value });
    }
    return value;
  };

  const visitKeys = (
    schemaOfSection: Schema,
    shape: Readonly<Record<string, Schema>>,
    section: Readonly<Record<string, unknown>>,
    path: KeyPath,
  ): unknown => {
    const names = writtenKeys(schemaOfSection, IN_FILE);
    const unknown = Object.keys(section).filter((key) => !names.has(key));
    if (unknown.length > 0) {
      issues.push({ code: 'unrecognized_keys', keys: unknown, path: [...path], message: formatPath(path) });
    }
    return Object.fromEntries(
      [...names].flatMap(([written, name]) => {
        const [part, value] = [shape[name], Object.hasOwn(section, written) ? section[written] : undefined];
        return part === undefined || value === undefined || value === null
          ? []
          : [[name, visit(part, value, [...path, name])]];
      }),
    );
  };

  return { value: visit(schema, root, []), issues };
}

/** Options as a file has them, from those in code: the inverse of {@link spelledAsInCode}. Keys without a value are left out. */
export function spelledAsInFile(schema: Schema, value: unknown): unknown {
  const entry = entryOf(schema);
  if (entry !== undefined && Array.isArray(value)) return value.map((item) => spelledAsInFile(entry, item));
  const shape = shapeOf(schema);
  if (shape !== undefined && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(shape).flatMap(([name, part]) =>
        value[name] === undefined ? [] : [[IN_FILE.key(name), spelledAsInFile(part, value[name])]],
      ),
    );
  }
  const isDuration = metadataOf(schema)['kind'] === 'duration' && typeof value === 'number';
  return isDuration ? writtenDuration(value) : value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
