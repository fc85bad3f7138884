import { type AnyEvent, type EventType, type FactOf, createEvent } from '@opensqt/trading-events';
import { ProjectedState } from '../projections/projection';
import { encodedState } from '../projections/state-text';
import { formatSummary } from './format-summary';
import { summaryProjection } from './summary.projection';
import type { ClosedPeriod } from './summary.state';

const START = Date.UTC(2026, 0, 1, 8);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const time = { at: '08:00', timeZone: 'UTC' };

/** Events at minutes after the start. */
const at = <Type extends EventType>(minutes: number, type: Type, data: FactOf<Type>['data']): AnyEvent =>
  createEvent(type, data as never, { occurredAt: START + minutes * MINUTE }) as unknown as AnyEvent;

const subject = (symbol: string) => ({ symbol, strategy: 'grid' });
const started = (minutes: number, symbol = 'BTCUSDT') =>
  at(minutes, 'symbol.started', { ...subject(symbol), exchange: 'paper' });
const stopped = (minutes: number, reason: string) =>
  at(minutes, 'symbol.stopped', { symbol: 'BTCUSDT', reason });
const placed = (minutes: number, symbol = 'BTCUSDT') =>
  at(minutes, 'order.placed', {
    ...subject(symbol),
    orderId: '1',
    clientOrderId: 'c1',
    side: 'buy',
    orderType: 'post_only',
    price: '1',
    quantity: '1',
  });
const filled = (minutes: number, quantity: string, symbol = 'BTCUSDT', feeAsset = 'USDT') =>
  at(minutes, 'order.filled', {
    ...subject(symbol),
    orderId: '1',
    fillId: `f${minutes}`,
    side: 'buy',
    price: '60000',
    quantity,
    remaining: '0',
    fee: '0.1',
    feeAsset,
  });
const changed = (minutes: number, realizedPnl: string, unrealizedPnl: string, symbol = 'BTCUSDT') =>
  at(minutes, 'position.changed', {
    ...subject(symbol),
    size: '1',
    entryPrice: '1',
    realizedPnl,
    unrealizedPnl,
  });
const closed = (minutes: number, dueAt = START + minutes * MINUTE) =>
  at(minutes, 'summary.closed', { summaryId: `s${minutes}`, dueAt });

function after(...events: readonly AnyEvent[]) {
  const projected = ProjectedState.of(summaryProjection);
  for (const event of events) projected.apply(event);
  return projected.current;
}

function closedAfter(...events: readonly AnyEvent[]): ClosedPeriod {
  const period = after(...events).closed;
  if (period === undefined) throw new Error('no period has ended');
  return period;
}

const summaryOf = (...events: readonly AnyEvent[]) => formatSummary(closedAfter(...events), [], time, 'UTC');

describe('what a summary counts', () => {
  it('are the exact sums of what happened to each symbol', () => {
    const events = [started(0), placed(1), placed(2), filled(3, '0.1'), filled(4, '0.2')];
    const { fields } = summaryOf(
      ...events,
      changed(5, '0.1', '-3.50'),
      changed(6, '0.2', '-3.50'),
      at(7, 'order.rejected', { ...subject('BTCUSDT'), orderId: '2', side: 'buy', reason: 'x' }),
      closed(60),
    );
    expect(fields).toEqual({
      BTCUSDT:
        'realized +0.3 USDT; unrealized −3.5 USDT at the last fill; fees 0.2 USDT; 2 fills of 0.3 in all; 2 orders placed, 1 rejected; up 100.00 % of the time, 0 restarts',
    });
  });

  it('begins anew after each summary, and what goes on goes on', () => {
    const first = [started(0), filled(1, '1'), changed(2, '5', '7'), closed(60)];
    const { fields, message } = summaryOf(...first, changed(61, '-2', '7'), closed(120));
    expect(fields['BTCUSDT']).toContain('realized −2 USDT; unrealized +7 USDT');
    expect(fields['BTCUSDT']).toContain('0 fills of 0');
    expect(message).toContain('From 2026-01-01 09:00:00 UTC to 2026-01-01 10:00:00 UTC.');
  });

  it('are the events before its end in the log, whatever their times', () => {
    const late = at(59, 'order.rejected', { ...subject('BTCUSDT'), orderId: '2', side: 'buy', reason: 'x' });
    const state = after(started(0), closed(60), late);
    expect(state.closed?.figures.symbols.get('BTCUSDT')?.rejected).toBe(0);
    expect(state.period.symbols.get('BTCUSDT')?.rejected).toBe(1);
  });

  it('adds up only what fees have shown to be in one currency', () => {
    const both = [changed(1, '0.1', '1'), changed(1, '0.2', '-0.25', 'ETHUSDT')];
    expect(summaryOf(...both, closed(60)).message).not.toContain('ETHUSDT: realized');
    const known = [filled(2, '1'), filled(2, '1', 'ETHUSDT'), filled(2, '1', 'BTCEUR', 'EUR')];
    const unknown = filled(2, '1', 'SOLUSDT', 'BNB');
    expect(summaryOf(...both, ...known, unknown, closed(60)).message).toContain(
      '\nBTCUSDT, ETHUSDT: realized +0.3 USDT, unrealized +0.75 USDT.\n',
    );
  });

  it('are alerts by condition and level, messages given up, and breakers that are open', () => {
    const notice = { level: 'WARNING', title: 't', message: 'm', timestamp: START, fields: {} } as const;
    const raised = (level: 'WARNING' | 'ERROR') =>
      at(1, 'alert.raised', {
        alertId: 'a',
        fingerprint: 'f',
        condition: 'risk_limit_breach',
        labels: {},
        notice: { ...notice, level },
        oneOff: false,
      });
    const abandoned = (reason: 'expired' | 'trigger_not_delivered') =>
      at(2, 'delivery.abandoned', {
        deliveryId: 'd',
        alertId: 'a',
        channel: 'slack',
        attempt: 1,
        reason,
        detail: 'x',
      });
    const tripped = (scope: string) =>
      at(3, 'circuit_breaker.tripped', {
        scope,
        reason: 'max_drawdown',
        value: '1',
        threshold: '1',
        cooldownMs: 1,
      });
    const { message } = summaryOf(
      ...[raised('WARNING'), raised('WARNING'), raised('ERROR')],
      ...[abandoned('expired'), abandoned('trigger_not_delivered')],
      ...[
        tripped('global'),
        tripped('BTCUSDT'),
        at(4, 'circuit_breaker.reset', { scope: 'BTCUSDT', by: 'cooldown' }),
      ],
      closed(60),
    );
    expect(message).toContain(
      'Alerts raised: 2 × risk limit breach (WARNING), 1 × risk limit breach (ERROR).',
    );
    expect(message).toContain('Messages given up: 1 to slack.');
    expect(message).toContain('Circuit breakers: open for all symbols (max drawdown).');
  });

  it('names the alerts that are open, ten of them at most', () => {
    const open = Array.from({ length: 12 }, (_, i) => ({ level: 'ERROR', title: `t${i}` }) as const);
    const { message } = formatSummary(closedAfter(started(0), closed(60)), open, time, 'UTC');
    expect(message).toContain('Open now: ERROR t0; ');
    expect(message).toContain('ERROR t9; 2 more.');
  });
});

describe('the share of the time that a symbol was up', () => {
  const upAfter = (...events: readonly AnyEvent[]) =>
    /up (.*)$/.exec(summaryOf(...events).fields['BTCUSDT'] ?? '')?.[1];

  it.each<[string, AnyEvent[], string]>([
    ['a stop of the process', [stopped(30, 'process_exit'), started(45)], '75.00 % of the time, 1 restarts'],
    ['a stop by an operator', [stopped(30, 'operator'), started(45)], '75.00 % of the time, 0 restarts'],
    ['a stop that goes on', [stopped(30, 'operator')], '50.00 % of the time, 0 restarts'],
    ['a crash', [placed(30), started(45)], '75.00 % of the time, 1 restarts'],
  ])('is less after %s', (_, events, expected) => {
    expect(upAfter(started(0), ...events, closed(60))).toBe(expected);
  });

  it('counts a stop that goes over the end of a period on both sides of it', () => {
    const first = [started(0), stopped(30, 'process_exit'), closed(60)];
    expect(upAfter(...first)).toBe('50.00 % of the time, 0 restarts');
    expect(upAfter(...first, started(75), closed(120))).toBe('75.00 % of the time, 1 restarts');
  });

  it('knows of a crash although the period was ended before the symbol was started again', () => {
    const crashed = [started(0), placed(60), closed(240, START + 2 * HOUR)];
    expect(upAfter(...crashed)).toBe('25.00 % of the time, 0 restarts');
    expect(upAfter(...crashed, started(300), closed(480))).toBe('75.00 % of the time, 1 restarts');
  });

  it('is that since the symbol was there, and never rounded up', () => {
    const other = started(0, 'ETHUSDT');
    expect(upAfter(other, started(30), stopped(59.9999, 'operator'), closed(60))).toBe(
      '99.99 % of the time, 0 restarts',
    );
  });

  it('forgets a symbol that is not traded any more', () => {
    const gone = [
      started(0),
      started(0, 'ETHUSDT'),
      stopped(1, 'operator'),
      closed(60),
      placed(61, 'ETHUSDT'),
    ];
    expect(Object.keys(summaryOf(...gone).fields)).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(Object.keys(summaryOf(...gone, closed(120)).fields)).toEqual(['ETHUSDT']);
  });
});

describe('a summary', () => {
  it('is of the local day', () => {
    const period = closedAfter(started(0), closed(16 * 60));
    expect(formatSummary(period, [], { at: '01:00', timeZone: 'Europe/Berlin' }, 'UTC').title).toBe(
      'Daily summary of 2026-01-02, 01:00 Europe/Berlin',
    );
  });

  it('gives its times in the time zone of messages', () => {
    const period = closedAfter(started(0), closed(60));
    expect(formatSummary(period, [], time, 'Europe/Berlin').message).toContain(
      'From 2026-01-01 09:00:00 UTC+1 to 2026-01-01 10:00:00 UTC+1.',
    );
  });

  it('says that it is late when its time was missed', () => {
    expect(summaryOf(started(0), closed(150, START)).title).toBe(
      'Daily summary of 2026-01-01, 08:00 UTC (delayed by 2 h 30 min)',
    );
  });

  it('says the same from a snapshot', () => {
    const state = after(
      ...[
        started(0),
        placed(1),
        filled(2, '0.123456789'),
        changed(3, '-0.1', '2'),
        stopped(4, 'process_exit'),
      ],
      ...[closed(60), started(61), filled(62, '2')],
    );
    const text = encodedState(summaryProjection, state);
    const read = summaryProjection.decode(JSON.parse(text) as Record<string, unknown>);
    expect(encodedState(summaryProjection, read)).toBe(text);
    expect(read.closed && formatSummary(read.closed, [], time, 'UTC')).toEqual(
      state.closed && formatSummary(state.closed, [], time, 'UTC'),
    );
  });
});
