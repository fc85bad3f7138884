import { type EventLog, openPostgresEventLog, snapshotChecksum } from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import { Rebuild, metricsProjection, stateText } from '@opensqt/observability/replay';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { runTool } from './testing/run-tool';

const FILLS = 350;
let server: PostgresServer;
let log: EventLog;

beforeAll(async () => {
  server = await PostgresServer.start();
  const place = { url: server.url, schema: 'dropped', partitionEvents: 100, retention: { maxAge: 0 } };
  log = await openPostgresEventLog(place);
  for (let n = 0; n < FILLS; n += 50) await log.append(Array.from({ length: 50 }, (_, i) => fill(n + i)));
  await snapshotAt(220);
  await log.saveCheckpoint({ consumer: 'snapshots', position: 300 });
  await eventually(() => expect(log.status().first).toBe(301));
});

afterAll(async () => {
  await log.close();
  await server.remove();
});

function fill(n: number): AnyEvent {
  const of = { symbol: 'BTCUSDT', strategy: 'grid', orderId: `o${n}`, fillId: `f${n}`, side: 'buy' } as const;
  const amount = { price: '100', quantity: '1', remaining: '0', fee: '0.1', feeAsset: 'USDT' };
  return createEvent('order.filled', { ...of, ...amount });
}

/** As a bot writes it down that has got so far. */
async function snapshotAt(position: number): Promise<void> {
  const rebuild = new Rebuild(log, metricsProjection);
  await rebuild.begin(position);
  await rebuild.advance(position);
  const { name: projection, version } = metricsProjection;
  const snapshot = {
    projection,
    version,
    position,
    state: await stateText(metricsProjection, rebuild.state),
  };
  await log.saveSnapshot({ ...snapshot, checksum: snapshotChecksum(snapshot) });
}

const run = (tool: string, ...args: readonly string[]) =>
  runTool(tool, process.cwd(), ['--log', server.url, '--schema', 'dropped', ...args]);

describe('the commands on a log in PostgreSQL whose oldest events were dropped', () => {
  it('events: prints what is kept and says where the log begins', async () => {
    const { status, stdout, stderr } = await run('events');
    expect([status, stderr]).toEqual([
      0,
      'The log begins at position 301: older events have been dropped from it.\n',
    ]);
    expect(stdout.trim().split('\n')).toHaveLength(50);
    expect(stdout).toMatch(/^\{"position":301,/);
    expect((await run('events', '--from', '340')).stderr).toBe('');
  });

  it('verify: finds it intact from its first position on, and says which ones the chain vouches for', async () => {
    const { status, stdout } = await run('verify');
    expect(status).toBe(0);
    expect(stdout).toContain('The chain of hashes vouches for positions 301 to 350.');
    expect(stdout).toContain('is intact: positions 301 to 350. Those before were dropped by its retention.');
  });

  it('replay: refuses a dropped position, and says what its figures lack where no snapshot holds it', async () => {
    const dropped = await run('replay', '--to', '250');
    expect(dropped).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('The log begins at position 301'),
    });
    expect(dropped.status).not.toBe(0);
    const partial = await run('replay');
    expect(partial.stderr).toContain('begins with nothing at position 301: older events have been dropped');
    expect(partial.stdout).toMatch(/market_maker_orders_filled_total\{.*\} 50$/m);
  });

  it('replay: goes on from the oldest kept snapshot, and says from which', async () => {
    await snapshotAt(320);
    const { status, stderr } = await run('replay');
    expect([status, stderr]).toEqual([
      0,
      'The log begins at position 301, as older events have been dropped: the metrics state is rebuilt from the snapshot at position 320.\n',
    ]);
  });
});
