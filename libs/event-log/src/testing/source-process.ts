import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const RUNNER = resolve(__dirname, '../../../../tools/src/testing/typescript-require.js');

/** The end of a process, and its output. */
export interface ProcessResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a TypeScript source, as it is, in a process of its own. */
export function startSource(
  script: string,
  args: readonly string[] = [],
  cwd?: string,
): ChildProcessByStdio<null, Readable, Readable> {
  const node = ['--conditions=@opensqt/source', '--require', RUNNER, script];
  return spawn(process.execPath, [...node, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd });
}

/** Runs a TypeScript source to its end. */
export async function runSource(
  script: string,
  args: readonly string[] = [],
  cwd?: string,
): Promise<ProcessResult> {
  const child = startSource(script, args, cwd);
  const exit = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { status, stdout, stderr };
}
