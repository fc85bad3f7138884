import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext } from '../../alerts/testing/decisions';
import { alertsOptions } from '../../options/alerts.options';
import type { Overview } from '../api/overview';
import { Incidents } from './incidents';
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
  const incidents = new Incidents([], () => profit);
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
});
