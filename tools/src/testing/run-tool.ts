import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** How a command ended and what it printed. */
export interface ToolResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts one of the commands, from its sources, in a process of its own. */
export function startTool(
  name: string,
  cwd: string,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  const runner = resolve(__dirname, 'typescript-require.js');
  const script = resolve(__dirname, `../${name}.ts`);
  const node = ['--conditions=@opensqt/source', '--require', runner, script];
  return spawn(process.execPath, [...node, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd });
}

/** Runs one of the commands to its end. */
export async function runTool(name: string, cwd: string, args: readonly string[]): Promise<ToolResult> {
  const child = startTool(name, cwd, args);
  const exit = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { status, stdout, stderr };
}
