import { resolve } from 'node:path';
import type { EventLog } from '@opensqt/event-log';
import type { Projection } from '@opensqt/observability';
import {
  type Difference,
  differences,
  encodedState,
  OWN_PROJECTIONS,
  Rebuild,
} from '@opensqt/observability/replay';
import { UsageError } from '@opensqt/configuration/command-line';
import { replayProgress } from '../log-progress';
import { statePaths } from './state-paths';

const FUNCTIONS = ['initial', 'evolve', 'encode', 'decode'] as const;

/** The state that a projection of one's own makes of the log, beside ours. */
export interface ProjectionComparison {
  readonly projection: string;
  readonly version: number;
  /** Its state as JSON. */
  readonly state: string;
  /** Each snapshot that could not be used, and why. */
  readonly refusals: readonly string[];
  /** The version of ours of the same name, and the differences of its state; undefined when there is none. */
  readonly own: { readonly version: number; readonly differences: readonly Difference[] } | undefined;
}

/**
 * Folds the log with a projection from a file, and compares with ours of the same name.
 *
 * @param nearSnapshot begins each with the nearest kept snapshot of its name and version, rather than with the log's first event
 */
export async function compareWithProjection(
  log: EventLog,
  file: string,
  to: number,
  nearSnapshot: boolean,
): Promise<ProjectionComparison> {
  const projection = projectionIn(file);
  const refusals: string[] = [];
  const rebuilt = async (rebuild: Rebuild<unknown>): Promise<unknown> => {
    refusals.push(...(await (nearSnapshot ? rebuild.beginNear(to) : rebuild.begin(to))));
    await rebuild.advance(to);
    return rebuild.state;
  };
  const theirs = await rebuilt(new Rebuild(log, projection, replayProgress));
  const { name, version } = projection;
  const result = { projection: name, version, state: encodedState(projection, theirs), refusals };
  const own = OWN_PROJECTIONS.find((candidate) => candidate.name === name) as Projection<unknown> | undefined;
  if (own === undefined) return { ...result, own };
  const ours = await rebuilt(new Rebuild(log, own, replayProgress));
  const found = differences(statePaths(own, ours), statePaths(projection, theirs));
  return { ...result, own: { version: own.version, differences: found } };
}

/** @throws UsageError when the file can't be loaded or holds no projection */
function projectionIn(file: string): Projection<unknown> {
  const path = resolve(file);
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = require(path) as Readonly<Record<string, unknown>>; // eslint-disable-line @typescript-eslint/no-require-imports -- its name is known only now, and this reads CommonJS, ES modules and plain TypeScript alike
  } catch (cause) {
    throw new UsageError(`${path} could not be loaded: ${String(cause)}`, { cause });
  }
  const found = [loaded, ...Object.values(loaded)].find(isProjection);
  if (found !== undefined) return found;
  throw new UsageError(
    `${path} exports no projection: an object with name, version, handles, ${FUNCTIONS.join(', ')}.`,
  );
}

function isProjection(candidate: unknown): candidate is Projection<unknown> {
  if (typeof candidate !== 'object' || candidate === null) return false;
  const { name, version, handles, ...rest } = candidate as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof version !== 'number' || !Array.isArray(handles)) return false;
  return FUNCTIONS.every((part) => typeof rest[part] === 'function');
}
