import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLogError } from '@opensqt/event-log';
import { AlertLevel, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { EventRecorder } from '../../ingest/event-recorder';
import { AlertApplication } from '../delivery/testing/alert-application';
import type { AlertRule, RaiseVerdict } from '../rules/alert-rule';

const START = Date.UTC(2026, 0, 1);
let now = START;

const tripped = (scope: string) =>
  createEvent(
    'circuit_breaker.tripped',
    { scope, reason: 'max_drawdown', value: '512', threshold: '500', cooldownMs: 600_000 },
    { occurredAt: now },
  );

const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`Field ${n}`, 'value']));

/** A rule about tripped breakers, beside the one that there is. */
const mine = (verdict: Partial<RaiseVerdict>, rest: Partial<AlertRule> = {}): AlertRule => ({
  condition: 'mine',
  handles: ['circuit_breaker.tripped'],
  decide: () => ({
    ...{ verdict: 'raise', level: AlertLevel.Warning, labels: {}, title: 'Mine', message: '', fields: {} },
    ...verdict,
  }),
  ...rest,
});

describe('a decision that the log would refuse', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-refused-decision-'));
  let slack: ProviderServer;
  let app: AlertApplication;
  let logs = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    now = START;
    logs += 1;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.stop();
    await slack.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(rule: AlertRule): Promise<void> {
    app = await AlertApplication.start({
      path: join(folder, `${logs}.db`),
      clock: { now: () => now },
      rules: [rule],
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
    });
  }

  const sentAbout = (what: string): number =>
    slack.requests.filter(({ json }) => String(json?.['text']).split('\n')[0]?.includes(what)).length;

  it.each<[what: string, rule: AlertRule]>([
    ['has 1,200 fields', mine({ fields: fields(1_200) })],
    ['has fields whose names are 300 characters long', mine({ fields: { ['x'.repeat(300)]: '' } })],
    ['has labels whose names are control characters', mine({ labels: { '\u0007': 'x' } })],
    ['escalates never', mine({ escalatesAt: Infinity })],
    ['escalates before all times', mine({ escalatesAt: -1e300 })],
  ])('is alerted, and costs the alerts beside it nothing, where it %s', async (_, rule) => {
    await start(rule);
    app.emit(tripped('A'), tripped('B'));
    await slack.received(3);
    await app.settled();
    expect(sentAbout('Circuit breaker tripped')).toBe(2);
    expect(sentAbout(`Alerting fails: ${rule.condition}`)).toBe(1);
    expect(sentAbout('Alerting fails')).toBe(1);
    expect(app.alerts.active()).toHaveLength(3);
  });

  it.each<[what: string, count: number]>([
    ['more fields than an alert may have', 1_200],
    ['as many fields as an alert may have', 900],
  ])('does not keep an alert from its escalation, with a text of %s', async (_, count) => {
    const persists = () => ({ title: 'Still mine', message: '', fields: fields(count) });
    await start(mine({ escalatesAt: START + 60_000 }, { persists }));
    app.emit(tripped('A'));
    await slack.received(2);
    now += 61_000;
    await eventually(() => app.alerts.active().some(({ level }) => level === AlertLevel.Error), {
      what: 'the alert is an ERROR',
    });
    app.emit(tripped('B'));
    await eventually(() => sentAbout('Circuit breaker tripped: B') === 1, { what: 'the next trip is sent' });
    await app.settled();
    expect(sentAbout('Alerting fails: mine')).toBe(count > 900 ? 1 : 0);
  });

  it('is alerted also where it is due, and will never be recorded', async () => {
    const persists = () => ({ title: 'POISON', message: '', fields: {} });
    await start(mine({ escalatesAt: START + 60_000 }, { persists }));
    app.emit(tripped('A'));
    await slack.received(2);
    await app.settled();
    const recorder = app.get(EventRecorder);
    const commit = recorder.commit.bind(recorder);
    jest
      .spyOn(recorder, 'commit')
      .mockImplementation((events, ...rest) =>
        JSON.stringify(events).includes('POISON')
          ? Promise.reject(new EventLogError('LOG_REFUSED', 'too large'))
          : commit(events, ...rest),
      );
    now += 61_000;
    await eventually(() => sentAbout('Alerting fails: decisions by time') === 1, { what: 'it is alerted' });
    expect(sentAbout('POISON')).toBe(0);
  });
});
