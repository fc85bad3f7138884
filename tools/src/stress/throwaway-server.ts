import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const ROOT = join(__dirname, '../../..');
const RUNNER = join(ROOT, 'tools/src/testing/typescript-require.js');
const SERVER = join(ROOT, 'libs/event-log/src/testing/throwaway-postgres.ts');

/** What `npm run -s postgres` starts, in a process of its own: a PostgreSQL server with nothing in it. */
export class ThrowawayServer {
  private constructor(
    /** Where it is, with user and password: a secret. */
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /**
   * Starts one.
   *
   * @throws Error (rejects) when it does not start, with what it said
   */
  static async start(): Promise<ThrowawayServer> {
    const child = spawn(process.execPath, ['--conditions=@opensqt/source', '--require', RUNNER, SERVER], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = text(child.stderr);
    const lines = createInterface({ input: child.stdout });
    for await (const url of lines) return new ThrowawayServer(url, child);
    throw new Error(
      `The PostgreSQL server to stress did not start. Name one that runs instead (--postgres URL). It said:\n${await said}`,
    );
  }

  /** Ends it, and removes its data. */
  async remove(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
