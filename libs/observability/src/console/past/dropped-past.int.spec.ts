import { setTimeout as delay } from 'node:timers/promises';
import { type EventLog, openPostgresEventLog } from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { EVENT_LOG } from '../../ingest/event-log';
import { metricsProjection } from '../../metrics/projection/metrics.projection';
import { startingPoint } from '../../projections/snapshot-choice';
import { Rebuild } from '../../replay/rebuild';
import { missed } from '../api/missed';
import { rulesRun } from '../api/rules';
import { eventsPage, timeline } from '../api/timeline';
import { overview as overviewSchema } from '../api/overview';
import { type ConsoleApplication, startConsole } from '../testing/console-application';
import { trading } from '../testing/trading';

const START = Date.UTC(2026, 0, 1);
const clock = { now: () => START + 300_000 };
const schema = 'trimmed';

function* fills(count: number, name: string): Iterable<AnyEvent> {
  for (let n = 0; n < count; n++) {
    const stamp = { occurredAt: START + 1_000 + n };
    const of = { symbol: 'BTCUSDT', strategy: 'grid', orderId: `${name}${n}`, side: 'buy' } as const;
    const fill = { fillId: `f-${name}${n}`, price: '100', quantity: '1', remaining: '0' };
    yield createEvent('order.filled', { ...of, ...fill, fee: '0.01', feeAsset: 'USDT' }, stamp);
  }
}

const MAX_AGE_MS = 1_000;

describe('an application whose log in PostgreSQL has a retention', () => {
  let server: PostgresServer;
  let console: ConsoleApplication;

  const start = () =>
    startConsole({
      clock,
      eventLog: {
        ...{ kind: 'postgres', url: server.url, schema, snapshotEvents: 50, snapshotInterval: 500 },
        retention: { maxAge: MAX_AGE_MS },
      },
    });
  const log = (): EventLog => console.app.get<EventLog>(EVENT_LOG);
  const api = (path: string) => request(console.url).get(`/api/v1/${path}`);
  const filled = async () =>
    /market_maker_orders_filled_total\{[^}]*\} (\d+)/.exec(
      (await request(console.url).get('/metrics')).text,
    )?.[1];

  beforeAll(async () => {
    server = await PostgresServer.start();
    await (await openPostgresEventLog({ url: server.url, schema, partitionEvents: 100 })).close();
    console = await start();
    console.emit(...trading(START), ...fills(150, 'a'));
    await eventually(async () => {
      console.emit(...fills(20, `more-${log().status().position}-`));
      expect((await log().checkpoint('snapshots')) > 100 && log().status().first > 1).toBe(true);
    });
    await nothingIsDue();
  });

  /** Drops what is old enough: the log begins where it does. */
  async function nothingIsDue(): Promise<void> {
    let first = 0;
    while (first !== log().status().first) {
      ({ first } = log().status());
      await delay(2 * (MAX_AGE_MS + 1_000)); // it is looked after each second
    }
  }

  afterAll(async () => {
    await console.close();
    await server.remove();
  });

  it('shows its past from the first kept position on, and says so of an earlier one', async () => {
    const { first, position } = log().status();
    const { body } = await api(`overview?at=${first - 1}`).expect(404);
    expect(body).toMatchObject({
      code: 'POSITION_DROPPED',
      detail: `The log begins at position ${first}: older events have been dropped from it.`,
    });
    overviewSchema.parse((await api(`overview?at=${position}`).expect(200)).body);
    const { buckets, ...ends } = timeline.parse((await api('timeline').expect(200)).body);
    expect(ends.first).toBeGreaterThan(100);
    expect(buckets[0]?.from).toBe(ends.first);
    const page = eventsPage.parse((await api('events?limit=1000').expect(200)).body);
    expect(page.records[0]?.position).toBeGreaterThan(100);
    expect(page.older).toBeNull();
  });

  it('says of what was missed only what can be rebuilt, and runs rules over what is kept', async () => {
    const { first, position } = log().status();
    const since = missed.parse((await api('missed').expect(200)).body);
    expect(since).toMatchObject({ isCut: true, incidents: [] });
    expect(since.from.position).toBeGreaterThanOrEqual(first - 1);
    const run = await request(console.url).post('/api/v1/rules/runs').send({ alerts: {} }).expect(200);
    const { records, differences } = rulesRun.parse(run.body);
    expect({ differences, isWithin: records >= position - first + 1 }).toEqual({
      differences: [],
      isWithin: true,
    });
  });

  it('counts on after a restart as if all were there, and replays what it counts', async () => {
    await log().flush();
    const before = await filled();
    await console.close();
    console = await start();
    await eventually(async () => expect([await filled(), Number(before) > 150]).toEqual([before, true]));
    const end = log().status().position;
    const rebuild = new Rebuild(log(), metricsProjection);
    const [notice] = await rebuild.begin(end);
    expect(notice).toMatch(
      /^The log begins at position \d+, as older events .* from the snapshot at position \d+\.$/,
    );
    await rebuild.advance(end);
    expect(rebuild.position).toBe(end);
  });

  it('begins with nothing where no snapshot can be used, and says at which position', async () => {
    const { first, position } = log().status();
    const changed = { ...metricsProjection, version: 1_000 };
    const point = startingPoint(changed, await log().snapshots('metrics'), position, first);
    expect(point).toMatchObject({ position: first - 1, isPartial: true });
    expect(point.refusals.at(-1)).toContain(
      `begins with nothing at position ${first}: older events have been dropped`,
    );
  });
});
