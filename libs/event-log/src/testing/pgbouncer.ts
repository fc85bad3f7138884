import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '@opensqt/trading-events/testing';
import { answers, freePort, giveAway, unprivileged } from './database-process';

/** A real pgbouncer in transaction mode, before a server: each transaction gets whichever connection of the server is free. */
export class PgBouncer {
  /** False where Debian's package pgbouncer, or another one, is missing. */
  static isInstalled(): boolean {
    return spawnSync('pgbouncer', ['--version'], { env: { PATH } }).status === 0;
  }

  /** @param url of the server */
  static async before(url: string): Promise<PgBouncer> {
    const { hostname, port, username, password } = new URL(url);
    const folder = await mkdtemp(join(tmpdir(), 'opensqt-pgbouncer-'));
    const own = await freePort();
    const users = join(folder, 'users.txt');
    await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`);
    const settings = {
      listen_addr: '127.0.0.1',
      listen_port: own,
      unix_socket_dir: '',
      pool_mode: 'transaction',
      default_pool_size: 3, // fewer than the clients: connections change hands all the time
      max_client_conn: 200,
      auth_type: 'scram-sha-256',
      auth_file: users,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    const file = join(folder, 'pgbouncer.ini');
    await writeFile(file, `[databases]\n* = host=${hostname} port=${port}\n[pgbouncer]\n${lines.join('')}`);
    for (const path of [folder, users, file]) await giveAway(path);
    const child = spawn('pgbouncer', [file], {
      ...unprivileged,
      env: { PATH },
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const through = new URL(url);
    through.port = String(own);
    const bouncer = new PgBouncer(folder, child, through.href);
    await bouncer.started();
    return bouncer;
  }

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    /** The URL that leads through it. */
    readonly url: string,
  ) {}

  async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.kill('SIGKILL')) await once(this.child, 'exit');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async started(): Promise<void> {
    if (this.child.stderr === null) throw new Error('pgbouncer has no stderr');
    const said = text(this.child.stderr);
    await eventually(async () => {
      if (this.child.exitCode !== null) throw new Error(`pgbouncer did not start. It said:\n${await said}`);
      return answers(this.url);
    });
  }
}

/** Debian puts it where users do not look. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;
