import { tradedSymbols } from '@opensqt/trading/options';
import {
  IN_FILE,
  type LocatedViolation,
  type Violation,
  judge,
  rule,
  schemaViolations,
  spelledAsInCode,
} from '@opensqt/trading-events/options';
import { type Configuration, type WrittenConfiguration, configurationSchema } from './configuration-schema';
import { type Sources, resolveReferences } from './references';
import { type YamlDocument, readYaml } from './yaml-document';

/** The outcome of reading a file's text. */
export type Reading =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly violations: readonly Violation[] };

/** The surroundings that a file's meaning depends on. */
export interface Surroundings extends Sources {
  /** The reason that a recording can't be read, completing "found: …"; undefined when it can. */
  readonly unreadable: (path: string) => string | undefined;
}

/**
 * Reads the text of a configuration file: YAML, then variables and files, then the schema with the rules between keys. Pure; paths
 * in the result are as written.
 *
 * @param source the file's text; empty for the default run
 */
export function readConfiguration(source: string, { unreadable, ...sources }: Surroundings): Reading {
  const document = readYaml(source);
  if (!('lineOf' in document)) return { ok: false, violations: document };

  const {
    value: replaced,
    origins,
    violations: unresolved,
  } = resolveReferences(document.value ?? {}, sources);
  const { value, issues } = spelledAsInCode(configurationSchema, replaced);
  const schema = configurationSchema.superRefine(
    rule(['exchange.source', 'recording'], (written) => unreadableRecordings(written, unreadable)),
  );
  const judgement = judge(schema, value, issues);
  if (judgement.ok && unresolved.length === 0) return { ok: true, configuration: resolved(judgement.value) };

  const judged = { schema, value, spelling: IN_FILE, origins };
  const wrong = judgement.ok ? [] : schemaViolations(judgement.issues, judged);
  const unresolvedPaths = new Set(unresolved.map(({ path }) => path));
  const violations = [...unresolved, ...wrong.filter(({ path }) => !unresolvedPaths.has(path))].map(
    (violation) => locate(violation, document),
  );
  return {
    ok: false,
    violations: violations.toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0),
  };
}

function locate({ keyPath, ...violation }: LocatedViolation, { lineOf }: YamlDocument): Violation {
  const line = lineOf(keyPath);
  return line === undefined ? violation : { ...violation, line };
}

function unreadableRecordings(
  { exchange, recording }: WrittenConfiguration,
  unreadable: Surroundings['unreadable'],
) {
  if (exchange.source !== 'recording') return [];
  return recording.flatMap(({ path }, index) => {
    const problem = unreadable(path);
    const allowed = "a file that can be read; a relative path starts from the configuration file's folder";
    const found = `${JSON.stringify(path)}, ${problem}`;
    return problem === undefined ? [] : [{ path: ['recording', index, 'path'], found, allowed }];
  });
}

/** Values that follow from other keys: the traded symbols, and the host of a `/metrics` of its own. */
function resolved(written: WrittenConfiguration): Configuration {
  const telemetry = { ...written.telemetry, metricsHost: written.server.host };
  return { ...written, telemetry, symbols: tradedSymbols(written) };
}
