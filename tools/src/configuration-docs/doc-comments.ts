import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as ts from 'typescript';
import type { JsonSchema } from './json-schema';

const REPOSITORY = join(__dirname, '../../..');
const SCHEMA = join(REPOSITORY, 'libs/configuration/src/configuration-schema.ts');
const SOURCES = createRequire(__filename)(join(REPOSITORY, 'tools/workspace-sources.js')) as Readonly<
  Record<string, string>
>;

/** The schema with the doc comments of its keys as the descriptions of those that have none. They are read from the sources. */
export function withDocComments(schema: JsonSchema): JsonSchema {
  const program = ts.createProgram([SCHEMA], {
    strict: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    paths: Object.fromEntries(Object.entries(SOURCES).map(([name, file]) => [name, [file]])),
    types: ['node'],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(SCHEMA);
  const module = source && checker.getSymbolAtLocation(source);
  const found = module && checker.tryGetMemberInModuleExports('configurationSchema', module);
  const input = found && checker.getTypeOfSymbol(found).getProperty('_input');
  if (input === undefined) throw new Error(`${SCHEMA} exports no configurationSchema.`);
  return documented(schema, checker.getTypeOfSymbol(input));

  function documented(section: JsonSchema, optional: ts.Type): JsonSchema {
    const type = checker.getNonNullableType(optional);
    const { properties, items } = section;
    const entry = type.getNumberIndexType();
    return {
      ...section,
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([key, part]) => {
            const symbol = type.getProperty(key);
            return [key, symbol === undefined ? part : described(part, symbol)];
          }),
        ),
      }),
      ...(items && entry && { items: documented(items, entry) }),
    };
  }

  function described(part: JsonSchema, symbol: ts.Symbol): JsonSchema {
    const description = ts
      .displayPartsToString(symbol.getDocumentationComment(checker))
      .replaceAll(/\s+/g, ' ');
    return { ...(description && { description }), ...documented(part, checker.getTypeOfSymbol(symbol)) };
  }
}
