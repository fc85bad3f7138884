import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A part that cannot be checked on this machine, and why. */
export class Unavailable extends Error {}

/** Runs a program to its end and gives its output. A program that is not installed, or that may not run, is {@link Unavailable}. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout + stderr);
      else if (error.code === 'ENOENT') reject(new Unavailable(`${program} is not installed`));
      else reject(new Error(`${program} ${args.join(' ')}:\n${stdout}${stderr}`));
    });
  });
}

/** A program that runs beside the check, and is ended with it. */
export class Server {
  #output = '';
  readonly #child: ChildProcess;
  #ended: string | undefined;

  constructor(
    readonly name: string,
    program: string,
    args: readonly string[],
    cwd: string,
  ) {
    this.#child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk));
    }
    this.#child.once('error', (error) => (this.#ended = error.message));
    this.#child.once('exit', (code, signal) => (this.#ended = `it ended (${signal ?? code})`));
    process.once('exit', this.#kill);
  }

  /** @throws Error with all that it printed, when it has ended */
  assertRunning(): void {
    if (this.#ended !== undefined) throw new Error(`${this.name}: ${this.#ended}\n${this.#output}`);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    process.off('exit', this.#kill);
    if (this.#ended !== undefined) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  readonly #kill = (): void => {
    this.#child.kill('SIGKILL');
  };
}

/** A real Alertmanager on loopback, with its data in a folder. */
export function startAlertmanager(configuration: string, port: number, folder: string): Server {
  const args = [
    `--config.file=${configuration}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  return new Server('Alertmanager', 'prometheus-alertmanager', args, folder);
}
