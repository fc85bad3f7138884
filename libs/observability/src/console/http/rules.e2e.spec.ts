import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { missed } from '../api/missed';
import { rules, rulesRun } from '../api/rules';
import { eventsPage } from '../api/timeline';
import { type ConsoleApplication, startConsole } from '../testing/console-application';

const START = Date.UTC(2026, 0, 1, 23, 59);
const clock = { now: () => START + 95_000 };
const fill = (fillId: string, price: string, ms: number) =>
  createEvent(
    'order.filled',
    {
      ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: fillId, fillId, side: 'buy', price },
      ...{ quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
    },
    { occurredAt: START + ms },
  );
const stream = { exchange: 'paper', stream: 'market' } as const;
const trouble = [
  fill('1', '20000', 0),
  createEvent(
    'exchange.disconnected',
    { ...stream, reason: 'x', reconnecting: true },
    { occurredAt: START + 1 },
  ),
  createEvent(
    'exchange.reconnected',
    { ...stream, downtimeMs: 90_000, attempts: 1 },
    { occurredAt: START + 90_000 },
  ),
];

describe('Rules that are run over the log', () => {
  let folder: string;
  let console: ConsoleApplication;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-rules-'));
    const eventLog = { kind: 'sqlite', path: join(folder, 'events.db') } as const;
    console = await startConsole({ clock, eventLog });
    console.emit(...trouble);
    await eventually(async () => expect(await records('delivery.succeeded')).toHaveLength(4), {
      within: 60_000,
    });
    console.emit(fill('2', '9000', 95_000));
    await eventually(async () => expect(await records('order.filled')).toHaveLength(2));
  }, 120_000);
  afterAll(async () => {
    await console.close();
    rmSync(folder, { recursive: true });
  });

  const run = (body: object) => request(console.url).post('/api/v1/rules/runs').send(body);
  const ran = async (body: object) => rulesRun.parse((await run(body).expect(200)).body);
  async function records(type: string) {
    const { body } = await request(console.url).get(`/api/v1/events?type=${type}&limit=1000`).expect(200);
    return eventsPage.parse(body).records;
  }

  it('can be read as they are, without a token', async () => {
    const { settings } = rules.parse((await request(console.url).get('/api/v1/rules').expect(200)).body);
    expect(settings).toContainEqual({ key: 'large_execution.threshold', value: '10000', choices: null });
    expect(settings).toContainEqual({ key: 'daily_loss.limit', value: null, choices: null });
    expect(settings).toContainEqual({ key: 'routes', value: [], choices: null });
  });

  it('make no difference while nothing is changed', async () => {
    const { differences, days, from, to } = await ran({ alerts: {} });
    expect({ differences, from, to }).toEqual({ differences: [], from: START, to: START + 95_000 });
    expect(days.reduce((sum, { same }) => sum + same, 0)).toBe(6);
  }, 60_000);

  it('say what would have been new, gone and quieter by day, and send nothing', async () => {
    const before = (await records('delivery.requested')).length;
    const alerts = {
      large_execution: { threshold: '9000' },
      exchange_disconnect: { persistent_after: '5m' },
    };
    const { days, differences, isCut, more } = await ran({ alerts });
    expect({ isCut, more }).toEqual({ isCut: false, more: 0 });
    expect(days).toEqual([
      { day: '2026-01-01', new: 0, gone: 0, louder: 0, quieter: 1, same: 3 },
      { day: '2026-01-02', new: 2, gone: 1, louder: 0, quieter: 0, same: 1 },
    ]);
    expect(differences).toContainEqual({
      ...{ day: '2026-01-02', change: 'new', of: 'alert' },
      words: 'INFO Large execution: BTCUSDT buy 9,000',
    });
    expect((await records('delivery.requested')).length).toBe(before);
  }, 60_000);

  it('are run over a part', async () => {
    const alerts = { large_execution: { threshold: '9000' } };
    const { from, days } = await ran({ alerts, from: START + 95_000 });
    expect({ from, days }).toEqual({
      from: START + 95_000,
      days: [{ day: '2026-01-02', new: 2, gone: 0, louder: 0, quieter: 0, same: 0 }],
    });
    expect(await ran({ alerts, from: START + 900_000 })).toMatchObject({ records: 0, from: null, days: [] });
  }, 60_000);

  it.each([
    [
      { alerts: { large_execution: { threshold: 'x' } } },
      'RULES_INVALID',
      'alerts.large_execution.threshold: ',
    ],
    [{ alerts: { slack: { min_level: 'INFO' } } }, 'RULES_INVALID', 'alerts.slack: found an unknown key'],
    [{ alerts: [] }, 'INVALID_REQUEST', 'alerts must be'],
    [{ alerts: {}, from: 'now' }, 'INVALID_REQUEST', 'from and to must be'],
  ])('are refused as %j', async (body, code, detail) => {
    const answer = await run(body).expect(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it('are refused to pages of other sites', async () => {
    const answer = await run({ alerts: {} }).set('sec-fetch-site', 'cross-site').expect(403);
    expect(answer.body.code).toBe('CROSS_SITE');
  });
});

describe('A log in memory', () => {
  it('is run over, and looked through for what was missed, by the process itself', async () => {
    const console = await startConsole({ clock });
    const get = async () => missed.parse((await request(console.url).get('/api/v1/missed').expect(200)).body);
    const nothing = { to: { at: null, position: 0 }, incidents: [], profit: { realized: null, fills: 0 } };
    expect(await get()).toMatchObject(nothing);
    console.emit(...trouble);
    await eventually(async () => expect((await get()).incidents).toMatchObject([{ level: 'ERROR' }]), {
      within: 60_000,
    });
    const body = { alerts: { exchange_disconnect: { persistent_after: '5m' } } };
    const run = await request(console.url).post('/api/v1/rules/runs').send(body).expect(200);
    expect(rulesRun.parse(run.body).days).toMatchObject([{ day: '2026-01-01', quieter: 1 }, {}]);
    await console.close();
  }, 60_000);
});

describe('A run over months with an alert that is repeated each second', () => {
  it.each(['memory', 'sqlite'] as const)(
    'is refused: a log in %s',
    async (kind) => {
      const folder = mkdtempSync(join(tmpdir(), 'opensqt-rules-'));
      const end = START + 120 * 86_400_000;
      const eventLog = kind === 'memory' ? { kind } : { kind, path: join(folder, 'events.db') };
      const console = await startConsole({ clock: { now: () => end }, eventLog });
      console.emit(...trouble.slice(0, 2), fill('2', '9000', end - START));
      const filled = () => request(console.url).get('/api/v1/events?type=order.filled').expect(200);
      await eventually(async () => expect(eventsPage.parse((await filled()).body).records).toHaveLength(2));
      const { body } = await request(console.url)
        .post('/api/v1/rules/runs')
        .send({ alerts: { repeat_interval: '1s' } })
        .expect(400);
      expect(body.code).toBe('RUN_TOO_LONG');
      expect(body.detail).toContain('Run over a shorter part, or lengthen the interval');
      await console.close();
      rmSync(folder, { recursive: true });
    },
    120_000,
  );
});
