import { type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
/** How a command ended and what it printed. */
export interface ToolResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** Starts one of the commands, from its sources, in a process of its own. */
export declare function startTool(
  name: string,
  cwd: string,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, Readable>;
/** Runs one of the commands to its end. */
export declare function runTool(name: string, cwd: string, args: readonly string[]): Promise<ToolResult>;
//# sourceMappingURL=run-tool.d.ts.map
