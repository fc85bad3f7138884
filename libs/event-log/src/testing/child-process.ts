import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** Runs one of this folder's scripts in a process of its own. */
export function runScript(script: string, ...args: readonly string[]): ChildProcess {
  const runner = resolve(__dirname, '../../../../tools/src/testing/typescript-require.js');
  const node = ['--conditions=@opensqt/source', '--require', runner, resolve(__dirname, script)];
  return spawn(process.execPath, [...node, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}
