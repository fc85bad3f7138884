import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { missed } from '../api/missed';
import { overview } from '../api/overview';
import { eventsPage } from '../api/timeline';
import { type ConsoleApplication, startConsole } from '../testing/console-application';
import { trading } from '../testing/trading';

const START = Date.UTC(2026, 0, 1, 3, 20);
const TOKEN = 'a-token-of-the-desk';
const SLOW = { within: 60_000 };
const at = (ms: number) => ({ occurredAt: START + ms });
const breach = { scope: 'global', limit: 'max_exposure', threshold: '60000' };
const trip = { scope: 'global', reason: 'max_drawdown', value: '2500.74', threshold: '2500' };
const sold = { symbol: 'BTCUSDT', strategy: 'grid' };
const crash = [
  createEvent('risk.limit_breached', { ...breach, value: '72019.64', severity: 'warning' }, at(0)),
  createEvent('circuit_breaker.tripped', { ...trip, cooldownMs: 900_000 }, at(19_000)),
  createEvent(
    'position.changed',
    { ...sold, size: '0', entryPrice: '0', realizedPnl: '-90.5', unrealizedPnl: '0' },
    at(20_000),
  ),
  createEvent('circuit_breaker.reset', { scope: 'global', by: 'cooldown' }, at(919_000)),
  createEvent('risk.limit_cleared', { ...breach, value: '53875.92' }, at(1_028_000)),
];

describe('What was missed', () => {
  let folder: string;
  let console: ConsoleApplication;
  let now = START;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opensqt-missed-'));
    const eventLog = { kind: 'sqlite', path: join(folder, 'events.db') } as const;
    console = await startConsole({
      name: 'mm-btc-1',
      symbols: ['BTCUSDT', 'ETHUSDT'],
      eventLog,
      apiTokens: [{ name: 'desk', token: TOKEN, role: 'operate' }],
      clock: { now: () => now },
    });
    console.emit(...trading(START - 60_000));
    for (const event of crash) {
      now = event.occurredAt;
      console.emit(event);
      await eventually(async () => expect((await last(event.type)).at).toBe(now), SLOW);
    }
    await eventually(async () => expect((await last('alert.resolved')).at).toBe(now), SLOW);
    await eventually(async () => expect((await last('delivery.succeeded')).at).toBe(now), SLOW);
  }, 120_000);
  afterAll(async () => {
    await console.close();
    rmSync(folder, { recursive: true });
  });

  const api = (path: string) => request(console.url).get(`/api/v1/${path}`);
  const since = async (query: string) => missed.parse((await api(`missed?${query}`).expect(200)).body);
  async function last(type: string) {
    const { records } = eventsPage.parse((await api(`events?type=${type}&limit=1`)).body);
    return records[0] ?? { at: 0, position: 0 };
  }

  it('is an incident from its first alert to the last that ended, with what it cost', async () => {
    const all = await since('after=8');
    expect(all).toMatchObject({
      ...{ from: { at: START - 60_000, position: 8 }, isCut: false, notTrading: 900_000 },
      profit: { quoteAsset: 'USDT', realized: '-90.5', fills: 0 },
      alerts: { raised: 2, critical: 1, open: 0 },
      ...{ deadLetters: 0, silences: 0, others: [] },
    });
    const [incident] = all.incidents;
    expect(all.incidents).toHaveLength(1);
    expect(incident).toMatchObject({ from: { at: START }, to: { at: now }, level: 'CRITICAL', more: 0 });
    expect(incident?.steps.map(({ level, isOver }) => [level, isOver])).toEqual([
      ['WARNING', false],
      [null, false],
      ['CRITICAL', false],
      [null, true],
      ['CRITICAL', true],
      ['WARNING', true],
    ]);
  }, 60_000);

  it('has a post-mortem that is named by its time', async () => {
    const [incident] = (await since('')).incidents;
    expect(incident?.file).toBe('incident-2026-01-01-0320.md');
    expect(incident?.markdown).toContain('## Incident of 2026-01-01 03:20 UTC (mm-btc-1)');
    expect(incident?.markdown).toContain('Not trading for 15 min.');
    expect(incident?.markdown).toContain('| Realized | −1.25 | −91.75 |');
    expect(incident?.markdown).toContain('- 03:20:19 UTC CRITICAL Circuit breaker tripped: all symbols.');
    expect(incident?.markdown).toContain('Nobody was notified.');
    expect(incident?.markdown).toContain('Nobody acknowledged.');
  }, 60_000);

  it('can be marked as planned, under the name of the token, on the log', async () => {
    const mark = (body: object) =>
      request(console.url).post('/api/v1/missed/planned').set('authorization', `Bearer ${TOKEN}`).send(body);
    const plan = { from: START, to: START + 1_000, reason: 'a drill of the desk' };
    await request(console.url).post('/api/v1/missed/planned').send(plan).expect(401);
    expect((await mark(plan).set('sec-fetch-site', 'cross-site').expect(403)).body.code).toBe('CROSS_SITE');
    const turned = await mark({ ...plan, to: START - 1 }).expect(400);
    expect(turned.body).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: expect.stringContaining('from not after'),
    });
    expect((await mark(plan).expect(201)).body).toEqual({ ...plan, by: 'desk' });
    await eventually(async () => {
      const [incident] = (await since('')).incidents;
      expect(incident?.planned).toMatchObject({ by: 'desk', reason: 'a drill of the desk' });
      expect(incident?.markdown).toContain('Planned, says desk: a drill of the desk');
    }, SLOW);
    const { records } = eventsPage.parse((await api('events?type=incident.planned')).body);
    expect(records).toMatchObject([
      { words: expect.stringContaining('planned, by desk: a drill of the desk') },
    ]);
  }, 60_000);

  it('begins amid an outage with what was there, with and without an end', async () => {
    const { position } = await last('circuit_breaker.tripped');
    const { position: ended } = await last('circuit_breaker.reset');
    const whole = await since(`after=${position + 2}`);
    expect(whole).toMatchObject({ from: { at: START + 19_000 }, notTrading: 900_000 });
    expect(whole.incidents).toMatchObject([
      { from: { at: START + 19_000 }, to: { at: now }, level: 'CRITICAL', notTrading: 900_000 },
    ]);
    const part = await since(`after=${position + 2}&at=${ended - 1}`);
    expect(part.incidents).toMatchObject([{ to: null, level: 'CRITICAL' }]);
  }, 60_000);

  it('begins at a time as at a position, and ends at one', async () => {
    const { position } = await last('circuit_breaker.tripped');
    const then = await since(`from=${START}&at=${position + 2}`);
    expect(then).toMatchObject({
      from: { position: 8 },
      to: { position: position + 2 },
      alerts: { open: 2 },
    });
    expect(then.incidents).toMatchObject([{ to: null, notTrading: 0 }]);
    const { head } = overview.parse((await api('overview')).body);
    expect(await since(`after=${head}`)).toMatchObject({
      incidents: [],
      alerts: { raised: 0 },
      notTrading: 0,
    });
    expect((await api('missed?after=-1').expect(400)).body.code).toBe('INVALID_REQUEST');
  }, 60_000);

  it('counts the time between the last record and the start after a crash', async () => {
    const { head } = overview.parse((await api('overview')).body);
    now = START + 4_628_000;
    console.emit(createEvent('symbol.started', { ...sold, exchange: 'paper' }, at(4_628_000)));
    await eventually(async () => expect((await last('symbol.started')).at).toBe(now), SLOW);
    const crashed = await since(`after=${head}`);
    expect(crashed.notTrading).toBe(3_600_000);
    expect(crashed.incidents).toMatchObject([
      { from: { at: START + 1_028_000 }, to: { at: now }, level: null, notTrading: 3_600_000 },
    ]);
    expect(crashed.incidents[0]?.steps).toMatchObject([
      { words: 'Started again without having been stopped' },
    ]);
  }, 60_000);
});
