import { DEFAULTS } from '@opensqt/trading';
import { type Configuration, type WrittenConfiguration, configurationSchema } from './configuration-schema';
import { ruleViolations } from './configuration-rules';
import { type Environment, substituteVariables } from './environment-variables';
import type { KeyPath } from './key-path';
import { type LocatedViolation, schemaViolations } from './schema-violations';
import { tradedSymbol } from './trading.sections';
import type { Violation } from './violation';
import { readYaml } from './yaml-document';

/** The outcome of reading a file's text. */
export type Reading =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly violations: readonly Violation[] };

/** What a file's meaning depends on besides its text. */
export interface Surroundings {
  /** What `${NAME}` is replaced from. */
  readonly env: Environment;
  /** Why a recording can't be read, completing "found: …"; undefined when it can. */
  readonly unreadable: (path: string) => string | undefined;
}

/**
 * Reads the text of a configuration file: YAML, then variables, then the schema, then the rules between keys. Pure; paths
 * in the result are as written.
 *
 * @param source the file's text; empty for the default run
 */
export function readConfiguration(source: string, { env, unreadable }: Surroundings): Reading {
  const document = readYaml(source);
  if (!('lineOf' in document)) return { ok: false, violations: document };

  const { value, origins, violations: unset } = substituteVariables(document.value ?? {}, env);
  const result = configurationSchema.safeParse(value);
  const unsetPaths = new Set(unset.map(({ path }) => path));
  const mistakes = [
    ...unset,
    ...schemaViolations(result.error?.issues ?? [], { value, origins }).filter(
      ({ path }) => !unsetPaths.has(path),
    ),
  ];
  const written = result.success ? result : configurationSchema.safeParse(withoutPaths(value, mistakes));
  const broken = mistakes.map(({ path }) => path);
  const violations = [
    ...mistakes,
    ...(written.success ? ruleViolations(written.data, broken, unreadable) : []),
  ];

  if (result.success && violations.length === 0) {
    return { ok: true, configuration: withSymbols(result.data) };
  }
  const located = violations.map((violation) => locate(violation, document.lineOf));
  return {
    ok: false,
    violations: located.toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0),
  };
}

function locate(
  { keyPath, ...violation }: LocatedViolation,
  lineOf: (path: KeyPath) => number | undefined,
): Violation {
  const line = lineOf(keyPath);
  return line === undefined ? violation : { ...violation, line };
}

/** The tree without what is wrong in it; a list with a wrong entry goes as a whole. */
function withoutPaths(root: unknown, mistakes: readonly LocatedViolation[]): unknown {
  return mistakes.reduce((tree, { keyPath }) => {
    const list = keyPath.findIndex((segment) => typeof segment === 'number');
    return withoutPath(tree, list === -1 ? keyPath : keyPath.slice(0, list));
  }, root);
}

function withoutPath(node: unknown, [key, ...rest]: KeyPath): unknown {
  if (key === undefined) return {};
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([name, child]) =>
      name !== key ? [[name, child]] : rest.length === 0 ? [] : [[name, withoutPath(child, rest)]],
    ),
  );
}

/** What is traded when the file does not say: the recorded symbols, or two that the simulation knows. */
function withSymbols({ symbols, ...written }: WrittenConfiguration): Configuration {
  if (symbols !== undefined) return { ...written, symbols };
  const names =
    written.exchange.source === 'recording'
      ? [...new Set(written.recording.map(({ symbol }) => symbol))]
      : DEFAULTS.symbols.map(({ symbol }) => symbol);
  return { ...written, symbols: names.map((symbol) => tradedSymbol.parse({ symbol })) };
}
