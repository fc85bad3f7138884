import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext } from '../../alerts/testing/decisions';
import { alertsOptions } from '../../options/alerts.options';
import type { Overview } from '../api/overview';
import { type Beginning, Incidents } from './incidents';
import { postMortem } from './post-mortem';

const settings = alertsOptions.parse({ flapping: { changes: 100 } });
const START = Date.UTC(2026, 0, 1);
const profit: Overview['profit'] = {
  ...{ quoteAsset: 'USDT', realized: null, unrealized: null, unrealizedFrom: null, fees: [] },
  ...{ afterFees: null, volume: null, fills: 0, since: null },
};
const stream = { exchange: 'paper', stream: 'market' } as const;
const lost = (ms: number, reason = 'x') =>
  createEvent('exchange.disconnected', { ...stream, reason, reconnecting: true }, { occurredAt: START + ms });
const back = (ms: number) =>
  createEvent('exchange.reconnected', { ...stream, downtimeMs: 1, attempts: 1 }, { occurredAt: START + ms });

/** The incidents of events and of what was decided on them; it trades all the time unless it is disconnected. */
function incidentsOf(...given: readonly (ReturnType<typeof lost> | ReturnType<typeof back>)[]): Incidents {
  const decisions = new Decisions(decisionContext({ settings }));
  const incidents = new Incidents(() => profit);
  const events: AnyEvent[] = given.flatMap((event) => [event, ...decisions.on(event)]);
  events.forEach((event, index) => {
    const isTrading = event.type !== 'exchange.disconnected';
    const isTurn = event.type.startsWith('exchange.');
    const record = { position: index + 1, committedAt: 0, bot: 'opensqt', writer: 'opensqt', event };
    incidents.add(record, isTurn ? { isTrading, title: isTrading ? 'Trading' : 'Not trading' } : undefined);
  });
  incidents.finish(START + 1_000_000);
  return incidents;
}

const at = (ms: number) => ({ occurredAt: START + ms });
const started = (ms: number) =>
  createEvent('symbol.started', { symbol: 'BTCUSDT', strategy: 'grid', exchange: 'paper' }, at(ms));
const sampled = (ms: number) => createEvent('price.updated', { symbol: 'BTCUSDT', price: '60000' }, at(ms));
const acknowledged = (alertId: string, ms: number) =>
  createEvent(
    'alert.acknowledged',
    { alertId, condition: 'circuit_breaker', fingerprint: 'f', by: 'desk' },
    at(ms),
  );
const still = { isTrading: false, title: 'Not trading' };
const breaker = {
  id: 'a',
  condition: 'circuit_breaker',
  level: 'CRITICAL',
  title: 'Breaker tripped',
} as const;

/** The beginning: by default it trades, and no alert is open. */
function begun(changes: Partial<Beginning> = {}): Incidents {
  const verdict = { isTrading: true, title: 'Trading' };
  const beginning = { at: START, position: 1_000, verdict, open: [], trading: ['BTCUSDT'], ...changes };
  return new Incidents(() => profit, beginning);
}

/** Hands over the next record. */
function add(incidents: Incidents, event: AnyEvent, verdict?: Beginning['verdict']): void {
  const position = 1_000 + (event.occurredAt - START) / 1_000;
  incidents.add({ position, committedAt: 0, bot: 'opensqt', writer: 'opensqt', event }, verdict);
}

const markdownOf = ({ all }: Incidents, bot = 'opensqt') =>
  all.map((one) => postMortem(bot, one, null)).join('');

describe('Incidents', () => {
  it('are apart where it was quiet in between, and one where it was not', () => {
    expect(incidentsOf(lost(0), back(10_000), lost(30_000), back(40_000)).all).toMatchObject([
      { from: { at: START }, to: { at: START + 40_000 }, notTrading: 20_000, level: 'WARNING' },
    ]);
    expect(incidentsOf(lost(0), back(10_000), lost(80_000), back(90_000)).all).toHaveLength(2);
  });

  it('say who was notified, also where that is known only after they have ended', () => {
    const first = lost(0);
    const incidents = incidentsOf(first, back(1_000));
    const raised = new Decisions().on(first).find(({ type }) => type === 'alert.raised');
    const alertId = raised?.type === 'alert.raised' ? raised.data.alertId : '';
    const delivered = { deliveryId: 'd', alertId, channel: 'chat', attempt: 1, latencyMs: 70 };
    const event = createEvent('delivery.succeeded', delivered, { occurredAt: START + 5_000 });
    expect(markdownOf(incidents)).toContain('Nobody was notified.');
    incidents.add({ position: 99, committedAt: 0, bot: 'opensqt', writer: 'opensqt', event }, undefined);
    expect(markdownOf(incidents)).toContain('Notified: chat after 70 ms.');
  });

  it('go on while nothing has ended them', () => {
    const incidents = incidentsOf(lost(0));
    expect(incidents.all).toMatchObject([{ to: undefined, notTrading: 1_000_000 }]);
    expect(markdownOf(incidents)).toContain('it goes on.');
  });

  it('have nothing of a text in their Markdown but its characters', () => {
    const text = markdownOf(incidentsOf(lost(0, '<img src=x>\n# [x](y)')), 'a|b');
    expect(text).toContain('(a\\|b)');
    expect(text).not.toMatch(/(?<!\\)<img|^# /m);
  });

  it('have no emphasis, entity or link of a text in their Markdown', () => {
    const bot = '**A** _b_ ~~c~~ &lt; https://evil.example www.evil.example eve@evil.example \u202etxt';
    const text = markdownOf(incidentsOf(lost(0)), bot);
    expect(text).toContain(
      String.raw`(\*\*A\*\* \_b\_ \~\~c\~\~ \&lt; https\://evil.example www\.evil.example eve\@evil.example txt)`,
    );
  });

  it('begin with an outage that was there before, and go on without an end', () => {
    const incidents = begun({ verdict: still, open: [breaker] });
    add(incidents, sampled(25_200_000));
    incidents.finish(START + 25_200_000);
    expect(incidents.notTrading).toBe(25_200_000);
    expect(incidents.all).toMatchObject([
      { from: { at: START, position: 1_000 }, to: undefined, level: 'CRITICAL', notTrading: 25_200_000 },
    ]);
    const text = markdownOf(incidents);
    expect(text).toContain('(position 1,000; it had begun before), it goes on.');
    expect(text).toContain('Not trading for 7 h since position 1,000.');
    expect(text).toContain('CRITICAL Open already: Breaker tripped');
    expect(text).toContain('Nobody was notified since position 1,000.');
    expect(text).toContain('Nobody acknowledged since position 1,000.');
  });

  it('end where an outage ends that was there before', () => {
    const incidents = begun({ verdict: still });
    add(incidents, back(60_000), { isTrading: true, title: 'Trading' });
    incidents.finish(START + 90_000);
    expect(incidents.all).toMatchObject([
      { from: { at: START }, to: { at: START + 60_000 }, level: undefined, notTrading: 60_000 },
    ]);
  });

  it('are none at the beginning where it traded and only the alerting was in trouble', () => {
    const incidents = begun({ open: [{ ...breaker, condition: 'channel_broken' }] });
    incidents.finish(START + 60_000);
    expect(incidents).toMatchObject({ all: [], notTrading: 0 });
  });

  it('count the time from the last record to a start that no stop precedes', () => {
    const incidents = begun();
    add(incidents, sampled(10_000));
    add(incidents, acknowledged('of-another', 3_609_000));
    add(incidents, started(3_610_000), { isTrading: true, title: 'Trading' });
    add(incidents, started(3_611_000), { isTrading: true, title: 'Trading' });
    incidents.finish(START + 3_700_000);
    expect(incidents.notTrading).toBe(3_600_000);
    expect(incidents.all).toMatchObject([
      { from: { at: START + 10_000 }, to: { at: START + 3_610_000 }, notTrading: 3_600_000, isOlder: false },
    ]);
    expect(markdownOf(incidents)).toContain('Started again without having been stopped');
  });

  it('count the time of a crash once where it did not trade anyway', () => {
    const incidents = begun({ verdict: still });
    add(incidents, started(60_000), still);
    incidents.finish(START + 90_000);
    expect(incidents.notTrading).toBe(90_000);
    expect(incidents.all).toMatchObject([{ notTrading: 90_000, steps: [{}, { at: START + 60_000 }] }]);
  });

  it('count nothing before a start after a stop', () => {
    const incidents = begun();
    const stop = { symbol: 'BTCUSDT', strategy: 'grid', reason: 'requested' } as const;
    add(incidents, createEvent('symbol.stopped', stop, at(1_000)));
    add(incidents, started(60_000));
    incidents.finish(START + 90_000);
    expect(incidents).toMatchObject({ all: [], notTrading: 0 });
  });

  it('say who acknowledged, also beyond the steps that are listed', () => {
    const incidents = begun({ open: [breaker] });
    const silence = { silenceId: 's', matchers: [], by: 'desk', reason: 'x', until: START + 1 };
    for (let ms = 1_000; ms <= 250_000; ms += 1_000)
      add(incidents, createEvent('silence.created', { ...silence, startsAt: START }, at(ms)));
    expect(markdownOf(incidents)).toContain('Nobody acknowledged');
    add(incidents, acknowledged('of-another', 260_000));
    expect(markdownOf(incidents)).toContain('Nobody acknowledged');
    add(incidents, acknowledged('a', 270_000));
    expect(incidents.all).toMatchObject([{ more: expect.any(Number), steps: { length: 200 } }]);
    expect(markdownOf(incidents)).toContain('Acknowledged by desk.');
  });

  it('do not take the log for somebody who was notified', () => {
    const incidents = begun({ open: [breaker] });
    const delivered = { deliveryId: 'd', alertId: 'a', channel: 'log', attempt: 1, latencyMs: 70 };
    add(incidents, createEvent('delivery.succeeded', delivered, at(1_000)));
    expect(markdownOf(incidents)).toContain('Nobody was notified');
  });
});
