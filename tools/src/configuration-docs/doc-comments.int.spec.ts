import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationSchema } from '@opensqt/configuration';
import { z } from 'zod';

const REPOSITORY = join(__dirname, '../../..');
const COMMENT = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(\w+):/g;
/** A text in quotes, a number, a flag or an empty list; others explain what follows from something else. */
const LITERAL = /@default ('[^']*'|[\d_.]+|true|false|\[\])\s*$/;

interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** The defaults of every key of that name. */
function defaultsByKey(schema: Schema, into = new Map<string, unknown[]>()): ReadonlyMap<string, unknown[]> {
  for (const [key, part] of Object.entries(schema.properties ?? {})) {
    if (part.default !== undefined) into.set(key, [...(into.get(key) ?? []), part.default]);
    defaultsByKey(part, into);
  }
  return schema.items === undefined ? into : defaultsByKey(schema.items, into);
}

describe('doc comments of options', () => {
  const json = z.toJSONSchema(configurationSchema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const defaults = defaultsByKey(json);
  const files = globSync('libs/{observability,trading}/src/**/*options.ts', { cwd: REPOSITORY });

  it.each(files)('%s: name the defaults that there are', (file) => {
    const source = readFileSync(join(REPOSITORY, file), 'utf8');
    for (const [, comment = '', key = ''] of source.matchAll(COMMENT)) {
      const written = LITERAL.exec(comment)?.[1];
      // The one default that differs: an application that says nothing keeps its events in memory.
      if (written === undefined || key === 'kind' || !defaults.has(key)) continue;
      const value: unknown = JSON.parse(written.replaceAll("'", '"').replaceAll('_', ''));
      expect([key, defaults.get(key)]).toEqual([key, expect.arrayContaining([value])]);
    }
  });
});
