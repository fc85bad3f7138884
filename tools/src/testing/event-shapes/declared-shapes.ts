import { join } from 'node:path';
import { EVENT_CATALOGUE, EVENT_TYPES, type FieldRule } from '@opensqt/trading-events';
import * as ts from 'typescript';
import type { EventShapes, Shape } from './shape-changes';

const SOURCES = join(__dirname, '../../../../libs/trading-events/src');

/** The shape of each event's data by the code: the TypeScript type of each field and the rule it is judged by. */
export function declaredShapes(): EventShapes {
  const file = join(SOURCES, 'events/trading-event.ts');
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const union = module && checker.getExportsOfModule(module).find(({ name }) => name === 'AnyEvent');
  if (source === undefined || union === undefined) throw new Error(`${file} exports no AnyEvent.`);
  const members = membersOf(checker.getDeclaredTypeOfSymbol(union));
  return Object.fromEntries(
    EVENT_TYPES.map((type) => {
      const member = members.find((each) => writtenOut(propertyOf(each, 'type')) === `'${type}'`);
      if (member === undefined) throw new Error(`AnyEvent has no ${type}.`);
      const rules: Readonly<Record<string, FieldRule>> = EVENT_CATALOGUE[type].fields;
      const shape: Shape = Object.fromEntries(
        checker.getPropertiesOfType(propertyOf(member, 'data')).map((property) => {
          const rule = rules[property.name];
          const declared = writtenOut(checker.getTypeOfSymbol(property));
          return [named(property), `${declared}, ${rule?.kind ?? 'no rule'}${rule?.optional ? '?' : ''}`];
        }),
      );
      return [type, { [EVENT_CATALOGUE[type].version]: shape }];
    }),
  );

  function propertyOf(type: ts.Type, name: string): ts.Type {
    const property = checker.getPropertyOfType(type, name);
    if (property === undefined) throw new Error(`${checker.typeToString(type)} has no ${name}.`);
    return checker.getTypeOfSymbol(property);
  }

  /** The type without names of types in it, in an order of its own, so that it changes exactly when the shape does. */
  function writtenOut(type: ts.Type): string {
    if (type.isUnion()) return [...new Set(membersOf(type).map(writtenOut))].toSorted().join(' | ');
    if (type.isStringLiteral()) return `'${type.value}'`;
    const isObject = (type.flags & ts.TypeFlags.Object) !== 0;
    if (!isObject || checker.isArrayType(type)) return checker.typeToString(type);
    const fields = checker
      .getPropertiesOfType(type)
      .map((property) => `${named(property)}: ${writtenOut(checker.getTypeOfSymbol(property))}`);
    const indexed = checker
      .getIndexInfosOfType(type)
      .map((index) => `[${writtenOut(index.keyType)}]: ${writtenOut(index.type)}`);
    return `{ ${[...fields.toSorted(), ...indexed].join('; ')} }`;
  }
}

/** Without undefined: JSON has none, and that a field may be absent is said by its name. */
function membersOf(type: ts.Type): readonly ts.Type[] {
  if (!type.isUnion()) return [type];
  return type.types.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0);
}

function named(property: ts.Symbol): string {
  return (property.flags & ts.SymbolFlags.Optional) === 0 ? property.name : `${property.name}?`;
}
