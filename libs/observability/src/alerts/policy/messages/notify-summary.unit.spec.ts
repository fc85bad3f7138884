import { type AlertEvent, type AnyEvent, createEvent } from '@opensqt/trading-events';
import { ProjectedState } from '../../../projections/projection';
import { summaryProjection } from '../../../summary/summary.projection';
import { evolveAlerts } from '../../model/alert-fold';
import { initialAlerts } from '../../model/alerts.state';
import { decideSummary } from '../../../summary/summary-schedule';
import { notifySummary, summaryChannels } from './notify-summary';
import { decisionContext } from '../../testing/decisions';

const utc = (text: string): number => Date.parse(`2026-${text}Z`);
const plan = { at: '08:00', timeZone: 'UTC', channels: ['chat'] };
const started = createEvent(
  'symbol.started',
  { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
  { occurredAt: utc('03-01T07:00:00') },
);

function after(...events: readonly AnyEvent[]) {
  const projected = ProjectedState.of(summaryProjection);
  for (const event of events) projected.apply(event);
  return projected.current;
}

function closedBy(event: AlertEvent) {
  const { closed } = after(started, event);
  if (closed === undefined) throw new Error('no period has ended');
  return closed;
}

describe('deciding the daily summary', () => {
  it('decides nothing before its time, nor before anything has happened', () => {
    expect(decideSummary(after(), utc('03-01T09:00:00'), plan, 'mm-1')).toEqual([]);
    expect(decideSummary(after(started), utc('03-01T07:59:59'), plan, 'mm-1')).toEqual([]);
    expect(decideSummary(after(started), utc('03-01T06:00:00'), plan, 'mm-1')).toEqual([]);
  });

  it('ends the day when its time has come, by an id that follows from that time alone', () => {
    const [first] = decideSummary(after(started), utc('03-01T08:00:00'), plan, 'mm-1');
    const [again] = decideSummary(after(started), utc('03-01T08:00:05'), plan, 'mm-1');
    expect(first).toMatchObject({ type: 'summary.closed', data: { dueAt: utc('03-01T08:00:00') } });
    expect(again?.id).toBe(first?.id);
  });

  it('is decided once a day, also when three days were missed', () => {
    const [missed] = decideSummary(after(started), utc('03-04T12:00:00'), plan, 'mm-1');
    expect(missed).toMatchObject({ data: { dueAt: utc('03-04T08:00:00') } });
    const state = after(started, ...(missed === undefined ? [] : [missed]));
    expect(decideSummary(state, utc('03-05T07:59:59'), plan, 'mm-1')).toEqual([]);
    expect(decideSummary(state, utc('03-05T08:00:00'), plan, 'mm-1')).toHaveLength(1);
  });

  it('requests it from each channel of the plan once, at INFO, about the day that ended', () => {
    const [closed] = decideSummary(after(started), utc('03-01T11:00:00'), plan, 'mm-1');
    if (closed?.type !== 'summary.closed') throw new Error('nothing was decided');
    const told = notifySummary(
      closedBy(closed),
      initialAlerts(),
      { ...plan, channels: ['log', 'chat'] },
      decisionContext(),
    );
    expect(told.map(({ data }) => 'channel' in data && data.channel)).toEqual(['log', 'chat']);
    expect(told[0]).toMatchObject({
      type: 'delivery.requested',
      causationId: closed.id,
      data: {
        kind: 'summary',
        alertId: closed.id,
        notice: {
          level: 'INFO',
          timestamp: utc('03-01T08:00:00'),
          title: 'Daily summary of 2026-03-01, 08:00 UTC (delayed by 3 h)',
        },
      },
    });
  });

  it('does not count as one of a burst', () => {
    const [closed] = decideSummary(after(started), utc('03-01T08:00:00'), plan, 'mm-1');
    if (closed?.type !== 'summary.closed') throw new Error('nothing was decided');
    const alerts = initialAlerts();
    const told = notifySummary(closedBy(closed), alerts, plan, decisionContext());
    for (const event of told) evolveAlerts(alerts, event);
    expect(alerts.pending.size).toBe(1);
    expect(alerts.traffic.size).toBe(0);
  });
});

describe('the channels of the daily summary', () => {
  const routes = [
    { name: 'log' },
    { name: 'slack', minLevel: 'INFO' },
    { name: 'email', minLevel: 'WARNING' },
    { name: 'pagerduty', minLevel: 'INFO', opensIncidents: true },
    { name: 'alertmanager', minLevel: 'INFO', opensIncidents: true },
    { name: 'telegram', unacknowledgedAfter: 1 },
  ] as const;

  it('are the log and whatever gets INFO, but no channel that would open an incident', () => {
    expect(summaryChannels(routes, undefined)).toEqual(['log', 'slack']);
  });

  it('are those that are named', () => {
    expect(summaryChannels(routes, ['pagerduty', 'email'])).toEqual(['pagerduty', 'email']);
  });

  it('are refused when one is not in use', () => {
    expect(() => summaryChannels(routes, ['slack', 'discord'])).toThrow(
      "alerts.summary.channels: there is no channel 'discord'. In use: log, slack, email, pagerduty, alertmanager, telegram.",
    );
  });
});
