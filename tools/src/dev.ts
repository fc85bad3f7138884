import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** Builds on each change and restarts the market maker, in order as any stop: it cancels its orders and writes its log first. */
const REPOSITORY = join(__dirname, '../..');
const TSC = require.resolve('typescript/bin/tsc');
const MAIN = join(REPOSITORY, 'apps/market-maker/dist/main.js');

const builder = node([TSC, '--build', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], REPOSITORY);
const marketMaker = node(
  ['--watch', '--watch-preserve-output', MAIN, ...process.argv.slice(2)],
  process.cwd(),
);
const children = [builder, marketMaker];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => endAll(signal));
for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 0;
    endAll('SIGTERM');
  });
}

function node(args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, args, { cwd, stdio: 'inherit' });
}

function endAll(signal: NodeJS.Signals): void {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill(signal);
}
