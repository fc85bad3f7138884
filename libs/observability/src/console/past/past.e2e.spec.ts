import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '@opensqt/event-log';
import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { type Overview, overview as overviewSchema } from '../api/overview';
import { causation, eventsPage, timeline } from '../api/timeline';
import { series as seriesSchema } from '../api/series';
import { alertDetail } from '../api/alerts';
import { allSeries, metricsText } from '../../replay/series';
import { Rebuild } from '../../replay/rebuild';
import { metricsProjection } from '../../metrics/projection/metrics.projection';
import { type ConsoleApplication, startConsole } from '../testing/console-application';
import { trading } from '../testing/trading';

const START = Date.UTC(2026, 0, 1);
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const SLOW = { within: 60_000 };
/** The market's: what is later falls due by itself. */
const clock = { now: () => START + 300_000 };

/** A day of so many fills, samples and a breaker in the middle. */
function* day(rounds: number): Iterable<AnyEvent> {
  for (let n = 0; n < rounds; n++) {
    const symbol = SYMBOLS[n % SYMBOLS.length] ?? '';
    const of = { symbol, strategy: 'grid' };
    const stamp = { occurredAt: START + 1_000 + n * 1_000 };
    const price = String(100 + (n % 17));
    const side = n % 3 === 0 ? 'sell' : 'buy';
    const order = {
      ...of,
      orderId: `o${n}`,
      clientOrderId: `c${n}`,
      side,
      orderType: 'limit',
      price,
    } as const;
    yield createEvent('order.placed', { ...order, quantity: '1', tickToTradeMs: (n % 9) / 10 }, stamp);
    if (n % 2 === 0) {
      const fill = { orderId: `o${n}`, fillId: `f${n}`, side, price, quantity: '1', remaining: '0' } as const;
      const filled = createEvent('order.filled', { ...of, ...fill, fee: '0.01', feeAsset: 'USDT' }, stamp);
      yield filled;
      const pnl = { realizedPnl: String(((n % 7) - 3) / 10), unrealizedPnl: String((n % 5) - 2) };
      const change = { ...of, size: String((n % 11) - 5), entryPrice: price, ...pnl };
      yield createEvent('position.changed', change, { ...stamp, causationId: filled.id });
    }
    if (n === rounds / 2) {
      const trip = { scope: 'global', reason: 'max_drawdown', value: '2500', threshold: '2000' };
      yield createEvent('circuit_breaker.tripped', { ...trip, cooldownMs: 60_000 }, stamp);
    }
  }
}

describe('The past', () => {
  let folder: string;
  let console: ConsoleApplication;
  let end = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-past-'));
    const path = join(folder, 'events.db');
    console = await startConsole({
      clock,
      eventLog: { kind: 'sqlite', path, snapshotEvents: 100, snapshotHistory: 200 },
    });
    console.emit(...trading(START), ...day(200));
    await eventually(async () => {
      const { position, head } = overviewSchema.parse((await api('overview')).body);
      const last = eventsPage.parse((await api('events?limit=1')).body).records[0];
      expect([position, last?.type]).toEqual([head, 'delivery.succeeded']);
      end = head;
    }, SLOW);
  }, 120_000);
  afterAll(async () => {
    await console.close();
    rmSync(folder, { recursive: true });
  });

  const api = (path: string) => request(console.url).get(`/api/v1/${path}`);

  /** The same figures as the command prints. */
  async function replayed(to: number): Promise<ReadonlyMap<string, string>> {
    const log = await openSqliteEventLog({ path: join(folder, 'events.db'), readOnly: true });
    try {
      const rebuild = new Rebuild(log, metricsProjection);
      await rebuild.beginNear(to);
      await rebuild.advance(to);
      return allSeries(await metricsText(rebuild.state, log, to, rebuild.now));
    } finally {
      await log.close();
    }
  }

  it('is that of `replay -- --to POSITION`, figure by figure, at any position', async () => {
    for (const position of [1, 7, 8, 55, 199, 200, 201, 333, 12]) {
      const body = overviewSchema.parse((await api(`overview?at=${position}`).expect(200)).body);
      expect(body).toMatchObject({ mode: 'past', position, writers: [], log: { rate: null } });
      const metrics = await replayed(position);
      for (const row of body.symbols)
        expect([position, figuresOf(row)]).toEqual([position, figuresIn(metrics, row.symbol)]);
    }
  }, 120_000);

  it('has nothing of later records', async () => {
    const before = overviewSchema.parse((await api('overview?at=200').expect(200)).body);
    expect(before.alerts).toMatchObject({ open: 0, worst: null });
    expect(before.verdict.title).toBe('Trading, 1 of 2 symbols stands still');
    const after = overviewSchema.parse((await api(`overview?at=${end}`).expect(200)).body);
    expect(after.verdict).toMatchObject({ verdict: 'not_trading', since: { position: expect.any(Number) } });
    expect(after.alerts.items[0]).toMatchObject({ subject: 'all symbols', level: 'CRITICAL' });
    expect(after.symbols[0]).toMatchObject({ priceFrom: 'fill', priceAge: null });
  }, 60_000);

  it('ends where the log does', async () => {
    const { body } = await api('overview?at=99999999').expect(404);
    expect(body.code).toBe('POSITION_NOT_REACHED');
  });

  it('is read in pages, both ways, and filtered', async () => {
    const newest = eventsPage.parse((await api('events?limit=5').expect(200)).body);
    expect(newest.records.map(({ position }) => position)).toEqual([4, 3, 2, 1, 0].map((n) => end - n));
    expect(newest).toMatchObject({ older: end - 4, newer: null });
    const older = eventsPage.parse((await api(`events?limit=5&before=${newest.older}`)).body);
    expect(older.records.at(-1)?.position).toBe(end - 5);
    const back = eventsPage.parse((await api(`events?limit=5&after=${older.newer}`)).body);
    expect(back.records).toEqual(newest.records);
    const fills = eventsPage.parse((await api('events?limit=1000&type=order.filled&symbol=ETHUSDT')).body);
    expect(fills).toMatchObject({ records: [], older: null });
    const bought = eventsPage.parse((await api('events?limit=1000&type=order.filled&symbol=BTCUSDT')).body);
    expect(bought.records).toHaveLength(101);
    const [from, to] = [START + 1_000, START + 2_000];
    const timed = eventsPage.parse((await api(`events?from=${from}&to=${to}`)).body);
    expect(new Set(timed.records.map(({ at }) => at))).toEqual(new Set([from, to]));
    await api('events?type=nothing').expect(400);
  }, 60_000);

  it('says what a record followed from, and what followed from it', async () => {
    const tripped = eventsPage.parse((await api('events?type=circuit_breaker.tripped')).body).records[0];
    const tree = causation.parse((await api(`events/${tripped?.position}/causation`).expect(200)).body);
    const raised = tree.record.effects.find(({ type }) => type === 'alert.raised');
    expect(tree.causes).toEqual([]);
    const below = causation.parse((await api(`events/${raised?.position}/causation`)).body);
    expect(below.causes.map(({ position }) => position)).toEqual([tripped?.position]);
    await api('events/99999999/causation').expect(404);
  }, 60_000);

  it('tells the story of an alert: its cause, its channels and every attempt', async () => {
    const [open] = overviewSchema.parse((await api('overview')).body).alerts.items;
    const story = alertDetail.parse((await api(`alerts/${open?.id.slice(0, 8)}`).expect(200)).body);
    expect(story).toMatchObject({
      alert: { id: open?.id, status: 'open' },
      cause: { type: 'circuit_breaker.tripped' },
      channels: [
        {
          channel: 'log',
          messages: [{ state: 'delivered', attempts: [{ attempt: 1, outcome: 'delivered' }] }],
        },
      ],
    });
    await api(`alerts/${open?.id}?at=100`).expect(404);
  }, 60_000);

  it('is plotted in a bounded number of points whose sums are exact', async () => {
    const body = seriesSchema.parse((await api('series?points=20').expect(200)).body);
    const [bitcoin] = body.symbols;
    expect(body.pnl.at.length).toBeLessThanOrEqual(20);
    const { profit } = overviewSchema.parse((await api('overview')).body);
    expect(body.pnl.realized.at(-1)).toBe(profit.realized);
    expect(bitcoin?.fills.reduce((sum, { fills }) => sum + fills, 0)).toBe(101);
    const past = seriesSchema.parse((await api('series?points=20&at=200').expect(200)).body);
    const then = overviewSchema.parse((await api('overview?at=200')).body);
    expect(past.pnl.realized.at(-1)).toBe(then.profit.realized);
  }, 60_000);

  it('is a timeline, whose parts hold every record once', async () => {
    const { buckets, alerts } = timeline.parse((await api('timeline?buckets=10').expect(200)).body);
    expect(buckets.reduce((sum, { records }) => sum + records, 0)).toBe(end);
    expect(alerts).toHaveLength(1);
  }, 60_000);
});

function figuresOf({
  resting,
  position,
  realized,
  unrealized,
}: Overview['symbols'][0]): Record<string, number | null> {
  const { buys, sells } = resting;
  return {
    buys,
    sells,
    position: numberOf(position),
    realized: numberOf(realized),
    unrealized: numberOf(unrealized),
  };
}

function figuresIn(metrics: ReadonlyMap<string, string>, symbol: string): Record<string, number | null> {
  const figure = (name: string, labels: string) =>
    numberOf(metrics.get(`market_maker_${name}{${labels}}`) ?? null);
  const of = `symbol="${symbol}"`;
  return {
    buys: figure('orders_active', `${of},side="buy"`) ?? 0,
    sells: figure('orders_active', `${of},side="sell"`) ?? 0,
    position: figure('position_size', of),
    realized: figure('pnl_realized', `${of},strategy="grid"`),
    unrealized: figure('pnl_unrealized', `${of},strategy="grid"`),
  };
}

function numberOf(given: string | null): number | null {
  return given === null ? null : Number(given);
}
