import { type SpawnOptions, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WatchedProcess, freePort } from '@opensqt/event-log/testing';
import type { EventuallyOptions } from '@opensqt/trading-events/testing';

export const REPOSITORY = join(__dirname, '../../../..');
const MAIN = join(REPOSITORY, 'apps/market-maker/dist/main.js');

/** A configuration as it is written, in JSON, which YAML includes. */
export type WrittenConfiguration = Readonly<Record<string, unknown>>;

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The end of a command and its output. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own in which a market maker is started, and started again, as an operator would. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'opensqt-'));
  private readonly started: MarketMakerProcess[] = [];

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string | Buffer): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }

  /** Starts the market maker on a free port, with the configuration given on top of that. */
  async start(
    configuration: WrittenConfiguration = {},
    env: NodeJS.ProcessEnv = {},
  ): Promise<MarketMakerProcess> {
    const port = await freePort();
    const server = { port, ...(configuration['server'] as object | undefined) };
    const file = this.write(`config-${port}.yaml`, JSON.stringify({ ...configuration, server }));
    return this.run(['--config', file], port, env);
  }

  /** Starts it with arguments of one's own. */
  run(args: readonly string[], port = 0, env: NodeJS.ProcessEnv = {}): MarketMakerProcess {
    const marketMaker = new MarketMakerProcess([MAIN, ...args], { cwd: this.folder, env }, port);
    this.started.push(marketMaker);
    return marketMaker;
  }

  /** Runs one of the commands on the log in this folder. */
  async command(name: 'events' | 'replay' | 'verify', ...args: readonly string[]): Promise<string> {
    const script = join(REPOSITORY, `apps/cli/dist/${name}/${name}.js`);
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], {
      cwd: this.folder,
      maxBuffer: 1 << 30,
    });
    return stdout;
  }

  /** Runs the operator's command, which may fail. */
  async alerts(...args: readonly string[]): Promise<CommandResult> {
    const command = new WatchedProcess([join(REPOSITORY, 'apps/cli/dist/alerts/alerts.js'), ...args], {
      cwd: this.folder,
    });
    const { code } = await command.ended();
    return { code, stdout: command.stdout, stderr: command.stderr };
  }

  /** Ends what still runs and removes the folder. */
  async clear(): Promise<void> {
    for (const marketMaker of this.started) await marketMaker.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A running market maker: a process of its own, seen only from outside. */
export class MarketMakerProcess extends WatchedProcess {
  constructor(
    node: readonly string[],
    options: SpawnOptions,
    readonly port: number,
  ) {
    super(node, options);
  }

  async get(path: string, port = this.port): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  }

  /** The metric's value; undefined when there is no such series. */
  async metric(series: string): Promise<number | undefined> {
    return metricIn((await this.get('/metrics')).text, series);
  }

  /** Waits until it answers requests. */
  async answering(): Promise<void> {
    await this.eventually(async () => (await this.get('/metrics').catch(() => undefined))?.status === 200, {
      what: 'it answers',
    });
  }

  /** Waits until a series is above that value. */
  async above(series: string, value = 0, options?: EventuallyOptions): Promise<void> {
    await this.eventually(async () => expect((await this.metric(series)) ?? 0).toBeGreaterThan(value), {
      what: `${series} is above ${value}`,
      ...options,
    });
  }
}

/** The value of a series in a Prometheus text. */
export function metricIn(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
