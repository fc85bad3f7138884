import { resolve } from 'node:path';
import { type ProcessResult, type WatchedProcess, runSource, startSource } from '@opensqt/event-log/testing';

export type ToolResult = ProcessResult;

const script = (name: string): string => resolve(__dirname, `../${name}/${name}.ts`);

/** Starts one of the commands, from its sources, in a process of its own. */
export function startTool(name: string, cwd: string, args: readonly string[]): WatchedProcess {
  return startSource(script(name), args, { cwd });
}

/** Runs one of the commands to its end. */
export function runTool(name: string, cwd: string, args: readonly string[]): Promise<ToolResult> {
  return runSource(script(name), args, { cwd });
}
