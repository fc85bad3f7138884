import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLogError } from '@opensqt/event-log';
import { AlertLevel, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { EventRecorder } from '../../ingest/event-recorder';
import { AlertApplication, type AlertApplicationOptions } from '../delivery/testing/alert-application';
import type { AlertRule, RuleVerdict } from '../rules/alert-rule';
import type { RaiseOptions } from './alert-requests';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

let now = START;

const tripped = (scope: string) =>
  createEvent(
    'circuit_breaker.tripped',
    { scope, reason: 'max_drawdown', value: '512', threshold: '500', cooldownMs: 600_000 },
    { occurredAt: now },
  );
const breached = (scope: string, occurredAt = now) =>
  createEvent(
    'risk.limit_breached',
    { scope, limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
    { occurredAt },
  );
const filled = (fillId: string, price: string) =>
  createEvent(
    'order.filled',
    {
      ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: fillId, fillId, side: 'buy', price },
      ...{ quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
    },
    { occurredAt: now },
  );
const stopped = (symbol: string) =>
  createEvent('symbol.stopped', { symbol, reason: 'operator' }, { occurredAt: now });

/** A rule about stopped symbols. */
const onStopped = (decide: () => RuleVerdict | undefined): AlertRule => ({
  condition: 'symbol_stopped',
  handles: ['symbol.stopped'],
  decide,
});

describe('alerting', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-never-stops-'));
  let slack: ProviderServer;
  let app: AlertApplication;
  let logs = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    now = START;
    logs += 1;
  });
  afterEach(async () => {
    await app.stop();
    await slack.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start({ alerts = {}, ...given }: Partial<AlertApplicationOptions> = {}): Promise<void> {
    app = await AlertApplication.start({
      path: join(folder, `${logs}.db`),
      clock: { now: () => now },
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` }, ...alerts },
      ...given,
    });
  }

  const headlines = (): readonly string[] =>
    slack.requests.map(({ json }) => String(json?.['text']).split('\n')[0] ?? '');
  const sentAbout = (what: string): number => headlines().filter((line) => line.includes(what)).length;
  const failures = (part: string) => app.metric(`market_maker_alerting_failures_total{part="${part}"}`);

  it.each<[name: string, decide: () => RuleVerdict | undefined]>([
    [
      'throws',
      () => {
        throw new TypeError('cannot read properties of undefined');
      },
    ],
    ['answers with no verdict', () => ({ verdict: 'raise' }) as unknown as RuleVerdict],
    [
      'answers with 20 MB',
      () => ({
        ...{ verdict: 'raise', level: AlertLevel.Warning, labels: {}, title: 'x', message: 'y' },
        fields: { Long: 'z'.repeat(20_000_000) },
      }),
    ],
    [
      'answers with labels that the log would cut',
      () => ({
        ...{ verdict: 'raise', level: AlertLevel.Warning, title: 'x', message: 'y', fields: {} },
        labels: { long: 'z'.repeat(8_192) },
      }),
    ],
  ])('goes on when a rule %s: that is counted, and alerted once', async (_, decide) => {
    await start({ rules: [onStopped(decide)] });
    app.emit(stopped('A'), stopped('B'), stopped('C'), tripped('global'));
    await slack.received(2);
    await app.settled();
    expect(sentAbout('Circuit breaker tripped')).toBe(1);
    expect(sentAbout('Alerting fails: symbol_stopped')).toBe(1);
    expect(await failures('symbol_stopped')).toBe(3);
    expect(app.lines.filter((line) => line.includes('Alerting fails in symbol_stopped'))).toHaveLength(1);
  });

  it('refuses an alert of 20 MB alone, and records those beside it', async () => {
    await start();
    const alert = (title: string, fields = {}) =>
      app.alerts.raise({ level: AlertLevel.Warning, title, message: '', fields });
    const outcomes = await Promise.allSettled([
      alert('before'),
      alert('large', { Long: 'x'.repeat(20_000_000) }),
      alert('after'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'TOO_LARGE' } });
    await slack.received(2);
    await app.settled();
    expect(app.alerts.active().map(({ title }) => title)).toEqual(['before', 'after']);
  });

  it.each([
    ['level', { level: 'LOUD' }],
    ['message', { message: undefined }],
    ['labels.n', { labels: { n: 5 } }],
  ])('refuses an alert whose %s is none, and says so', async (field, given) => {
    await start();
    const options = { level: AlertLevel.Warning, title: 'a', message: 'b', ...given } as unknown;
    const refused = app.alerts.raise(options as RaiseOptions);
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining(field) as string,
    });
    expect(app.alerts.active()).toEqual([]);
  });

  it('keeps alerts apart whose labels are long, and refuses what the log would cut', async () => {
    await start();
    const raise = (title: string) => app.alerts.raise({ level: AlertLevel.Warning, title, message: '' });
    const [a, b] = await Promise.all(['A', 'B'].map((end) => raise('x'.repeat(6_900) + end)));
    expect(a?.id).not.toBe(b?.id);
    await app.alerts.resolve(a?.fingerprint ?? '');
    expect(app.alerts.active().map(({ id }) => id)).toEqual([b?.id]);
    await expect(raise('ü'.repeat(4_000))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(app.alerts.active()).toHaveLength(1);
  });

  it('drops what it could not record, and decides it again from what is committed', async () => {
    await start();
    app.emit(breached('A'));
    await slack.received(1);
    await app.settled();
    const refused = new EventLogError('LOG_WRITE_FAILED', 'the disk is gone');
    jest.spyOn(app.get(EventRecorder), 'commit').mockRejectedValueOnce(refused);
    app.emit(breached('B'), tripped('global'));
    await slack.received(3);
    await app.settled();
    expect(app.alerts.active()).toHaveLength(3);
    expect(headlines()).toHaveLength(3);
    expect(await app.deliveries('slack')).toHaveLength(9);
  });

  it('passes over one record that it can never record the decisions on, and alerts that', async () => {
    await start({ alerts: { summary: { at: '08:00' } } });
    const recorder = app.get(EventRecorder);
    const commit = recorder.commit.bind(recorder);
    jest.spyOn(recorder, 'commit').mockImplementation((events, ...rest) => {
      const isBad = events.some(
        ({ type, data }) => type === 'alert.raised' && JSON.stringify(data).includes('POISON'),
      );
      return isBad ? Promise.reject(new EventLogError('LOG_REFUSED', 'too large')) : commit(events, ...rest);
    });
    app.emit(breached('A'), breached('POISON'), breached('B'), tripped('global'));
    await slack.received(4);
    await app.settled();
    expect(sentAbout('POISON')).toBe(0);
    expect(sentAbout('Alerting fails: decisions on risk.limit_breached')).toBe(1);
    expect(app.alerts.active().map(({ labels }) => labels['scope'] ?? labels['part'])).toEqual(
      expect.arrayContaining(['A', 'B', 'global', 'decisions on risk.limit_breached']),
    );
  });

  it('ends no silence and sends no summary for one event of a far future', async () => {
    await start({ alerts: { summary: { at: '08:00' } } });
    const silence = { matchers: { condition: 'risk_limit_breach' }, reason: 'work', by: 'eve' };
    await app.alerts.silence({ ...silence, until: START + 60 * MINUTE });
    app.emit(breached('A', START + 3_000 * 60 * MINUTE));
    app.emit(tripped('global'));
    await slack.received(1);
    await app.settled();
    now += MINUTE;
    app.emit(breached('B'), tripped('other'));
    await slack.received(2);
    await app.settled();
    expect(app.alerts.silences()).toHaveLength(1);
    expect(sentAbout('Risk limit breached')).toBe(0);
    expect(sentAbout('Daily summary')).toBe(0);
  });

  it('decides nothing again after a restart, also under other thresholds', async () => {
    await start();
    app.emit(filled('1', '5000'), filled('2', '50000'));
    await slack.received(1);
    await app.settled();
    await app.stop();
    await start({ alerts: { largeExecution: { threshold: '10' } } });
    app.emit(filled('3', '20'));
    await slack.received(2);
    await app.settled();
    expect(headlines()).toHaveLength(2);
    expect(headlines()[1]).toContain('20');
  });

  it('keeps the position that it has decided on, also without anything to decide', async () => {
    await start();
    app.emit(...Array.from({ length: 50 }, (_, n) => stopped(`S${n}`)));
    await app.log.flush();
    await eventually(async () => expect(await app.log.checkpoint('alerts')).toBe(50));
    await eventually(async () =>
      expect(await app.health()).toMatchObject({ decidedPosition: 50, behind: 0, behindMs: 0 }),
    );
  });
});
