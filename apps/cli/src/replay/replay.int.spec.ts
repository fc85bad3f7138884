import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type EventLog, openSqliteEventLog, snapshotChecksum } from '@opensqt/event-log';
import { CommittedProjections, OWN_PROJECTIONS } from '@opensqt/observability/replay';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { type ToolResult, runTool } from '../testing/run-tool';

let folder: string;
let path: string;
let log: EventLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-replay-'));
  path = join(folder, 'events.db');
  log = await openSqliteEventLog({ path });
});

afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

const replay = (...args: readonly string[]): Promise<ToolResult> =>
  runTool('replay', folder, ['--log', path, ...args]);

const FILLS: readonly AnyEvent[] = ['0.1', '0.2', '0.4'].map((quantity, n) =>
  createEvent('order.filled', {
    ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: `o${n}`, fillId: `f${n}`, side: 'buy' },
    ...{ price: '60000', quantity, remaining: '0', fee: '0', feeAsset: 'USDT' },
  }),
);

/** Records the fills, with a snapshot after each. */
async function recordWithSnapshots(history?: number): Promise<void> {
  const committed = new CommittedProjections(OWN_PROJECTIONS, log, {
    warn: (message) => expect(message).toBe(''),
  });
  await committed.restore();
  committed.subscribe({ events: 1, intervalMs: 1_000_000, ...(history === undefined ? {} : { history }) });
  for (const fill of FILLS) {
    await log.append([fill]);
    await committed.snapshot();
  }
  await committed.close();
}

const inFile = (sql: string): void => {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
};

describe('the replay command', () => {
  it('prints the metrics of the whole log, or of its beginning', async () => {
    await log.append(FILLS);
    expect((await replay()).stdout).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.7\n');
    const { stdout } = await replay('--to', '2');
    expect(stdout).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.3\n');
    expect(stdout).toContain('market_maker_event_log_position 2\n');
  });

  it('rebuilds a position from the nearest snapshot before it that is usable', async () => {
    await recordWithSnapshots(1);
    inFile(`UPDATE events SET data = replace(data, '"0.1"', '"5"') WHERE position = 1`);
    expect((await replay()).stdout).toContain('market_maker_volume_total{symbol="BTCUSDT"} 5.6\n');
    expect((await replay('--to', '2')).stdout).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.3\n');
    expect((await replay('--to', '1')).stdout).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.1\n');
    inFile(`UPDATE snapshots SET state = state || ' ' WHERE position = 1 AND projection = 'metrics'`);
    const { stdout, stderr } = await replay('--to', '1');
    expect(stdout).toContain('market_maker_volume_total{symbol="BTCUSDT"} 5\n');
    expect(stderr).toContain('The metrics snapshot at position 1 is not used: its checksum does not fit');
  });

  it('refuses a log with a gap', async () => {
    await log.append(FILLS);
    inFile('DELETE FROM events WHERE position = 2');
    expect(await replay()).toMatchObject({ status: 1, stderr: expect.stringContaining('lacks position 2') });
  });

  it.each([
    [['--snapshots', '--compare', 'x'], 'Give one of --compare, --snapshots and --projection.'],
    [['--snapshots', '--to', '3'], '--to goes with neither --compare nor --snapshots'],
    [['--projection', 'missing.js'], 'missing.js could not be loaded'],
    [['--comapre', 'x'], "There is no option '--comapre'. Did you mean '--compare'?"],
  ])('refuses %j with status 2 and a sentence', async (args, sentence) => {
    expect(await replay(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(sentence) });
  });

  it('explains itself', async () => {
    expect((await replay('--help')).stdout).toContain('--projection FILE');
  });
});

describe('comparing with the snapshots', () => {
  it('finds what a restart begins with equal to the whole log', async () => {
    await recordWithSnapshots();
    const { status, stdout } = await replay('--snapshots');
    expect(stdout).toBe(
      'From the snapshot at position 3: 0 events read, up to position 3.\nmetrics: equal\nhealth: equal\nalerts: equal\nconsole: equal\nsummary: equal\nrecent_fills: equal\n',
    );
    expect(status).toBe(0);
  });

  it('says which snapshots are passed over', async () => {
    await recordWithSnapshots();
    inFile(`UPDATE snapshots SET state = state || ' ' WHERE position = 3`);
    const { status, stdout } = await replay('--snapshots');
    expect(stdout).toContain('The alerts snapshot at position 3 is not used: its checksum does not fit');
    expect(stdout).toContain('From the snapshot at position 2: 1 events read, up to position 3.');
    expect(status).toBe(0);
  });

  it('names the series that differ when the log is not the one that the snapshots were made of', async () => {
    await recordWithSnapshots();
    inFile(`UPDATE events SET data = replace(data, '"0.2"', '"0.5"') WHERE position = 2`);
    const { status, stdout } = await replay('--snapshots');
    expect(stdout).toContain('metrics: 2 differ');
    expect(stdout).toContain('| market_maker_volume_total{symbol="BTCUSDT"} | 1 | 0.7 |');
    expect(status).toBe(1);
  });
});

describe('comparing with a running process', () => {
  async function shown(change: (text: string) => string): Promise<ToolResult> {
    await log.append(FILLS);
    const text = (await replay()).stdout;
    const server = createServer((_, response) => response.end(change(text))).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const result = await replay('--compare', `http://127.0.0.1:${port}/metrics`);
    server.close();
    return result;
  }

  it('finds it equal, whatever live series and those of the process say', async () => {
    const { status, stdout } = await shown(
      (text) =>
        `${text}\nmarket_maker_latency_exchange_ms_count{exchange="paper",operation="x"} 3\nprocess_cpu_seconds_total 9\n`,
    );
    expect(stdout).toMatch(/^Equal: \d+ series at position 3\.\n$/);
    expect(status).toBe(0);
  });

  it('shows what differs in a table', async () => {
    const { status, stdout } = await shown((text) =>
      text.replace(/^(market_maker_volume_total\S+) .*$/m, '$1 9'),
    );
    expect(stdout).toContain('| market_maker_volume_total{symbol="BTCUSDT"} | 0.7 | 9 |');
    expect(status).toBe(1);
  });

  it('says so when the process writes to another log or does not answer', async () => {
    const other = await shown((text) => text.replace(/^(market_maker_event_log_position) .*$/m, '$1 77'));
    expect(other).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('it does not write to this log'),
    });
    const silent = await replay('--compare', 'http://127.0.0.1:1/metrics');
    expect(silent).toMatchObject({ status: 1, stderr: expect.stringContaining('does not answer') });
  });
});

describe('folding with a projection from a file', () => {
  const write = (name: string, version: number): Promise<void> =>
    writeFile(
      join(folder, 'own.mjs'),
      `export const own = {
         name: '${name}', version: ${version}, handles: ['order.filled'], initial: () => ({ fills: 0 }),
         evolve: (state) => ({ fills: state.fills + 1 }), encode: (state) => state, decode: (encoded) => encoded,
       };`,
    );

  it('prints its state, up to the position that is asked for', async () => {
    await log.append(FILLS);
    await write('fills', 1);
    expect((await replay('--projection', 'own.mjs')).stdout).toBe('{"fills":3}\n');
    expect((await replay('--projection', 'own.mjs', '--to', '2')).stdout).toBe('{"fills":2}\n');
  });

  it('begins with the nearest snapshot of its name and version where a position is asked for', async () => {
    await log.append(FILLS);
    const snapshot = { projection: 'fills', version: 1, position: 2, state: '{"fills":40}' };
    await log.saveSnapshot({ ...snapshot, checksum: snapshotChecksum(snapshot) });
    await write('fills', 1);
    expect((await replay('--projection', 'own.mjs', '--to', '3')).stdout).toBe('{"fills":41}\n');
    expect((await replay('--projection', 'own.mjs', '--to', '1')).stdout).toBe('{"fills":1}\n');
    expect((await replay('--projection', 'own.mjs')).stdout).toBe('{"fills":3}\n');
    await write('fills', 2);
    const { stdout, stderr } = await replay('--projection', 'own.mjs', '--to', '3');
    expect(stdout).toBe('{"fills":3}\n');
    expect(stderr).toContain('it was made by version 1 of the projection, and this is version 2');
  });

  it('compares with ours of the same name', async () => {
    await log.append(FILLS);
    await write('health', 3);
    const { status, stdout } = await replay('--projection', 'own.mjs');
    expect(stdout).toMatch(/health: version 3 of own\.mjs and our version \d+ differ in \d+ values\./);
    expect(stdout).toContain('| fills | – | 3 |');
    expect(status).toBe(1);
  });
});
