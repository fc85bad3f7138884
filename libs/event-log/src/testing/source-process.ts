import type { SpawnOptions } from 'node:child_process';
import { resolve } from 'node:path';
import { WatchedProcess } from './watched-process';

const RUNNER = resolve(__dirname, '../../../../tools/src/testing/typescript-require.js');

/** The end of a process, and its output. */
export interface ProcessResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Node's arguments that run a TypeScript source as it is. */
export function sourceArguments(script: string, args: readonly string[] = []): readonly string[] {
  return ['--require', RUNNER, script, ...args];
}

/** Starts a TypeScript source, as it is, in a process of its own. */
export function startSource(
  script: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): WatchedProcess {
  return new WatchedProcess(sourceArguments(script, args), options);
}

/** Runs a TypeScript source to its end. */
export async function runSource(
  script: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<ProcessResult> {
  const child = startSource(script, args, options);
  const { code: status } = await child.ended();
  return { status, stdout: child.stdout, stderr: child.stderr };
}
