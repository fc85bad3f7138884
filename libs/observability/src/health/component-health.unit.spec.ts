import { EventLogError, type EventLogStatus } from '@opensqt/event-log';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { ProjectedState } from '../projections/projection';
import {
  alertsHealth,
  channelsHealth,
  eventLogHealth,
  exchangeHealth,
  heartbeatHealth,
  replayHealth,
  tradingHealth,
} from './component-health';
import { type HealthState, healthProjection } from './health.projection';

const START = 1_700_000_000_000;
const AT_START = '2023-11-14T22:13:20.000Z';
const MINUTE = 60_000;

const started = createEvent(
  'symbol.started',
  { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
  { occurredAt: START },
);
const otherStarted = createEvent('symbol.started', {
  symbol: 'ADAUSDT',
  exchange: 'other',
  strategy: 'grid',
});
const priced = (symbol: string, occurredAt: number) =>
  createEvent('price.updated', { symbol, price: '1' }, { occurredAt });
const lost = createEvent(
  'exchange.disconnected',
  { exchange: 'paper', stream: 'orders', reason: 'ping timeout', reconnecting: true },
  { occurredAt: START },
);
const back = createEvent('exchange.reconnected', {
  ...{ exchange: 'paper', stream: 'orders', downtimeMs: 1, attempts: 1 },
});
const tripped = createEvent('circuit_breaker.tripped', {
  ...{ scope: 'global', reason: 'max_drawdown', value: '1', threshold: '1', cooldownMs: 1 },
});
const reset = createEvent('circuit_breaker.reset', { scope: 'global', by: 'cooldown' });
const limit = { scope: 'BTCUSDT', limit: 'max_position', value: '2', threshold: '1' } as const;
const breached = createEvent('risk.limit_breached', { ...limit, severity: 'warning' });
const cleared = createEvent('risk.limit_cleared', limit);
const panicked = createEvent('strategy.panicked', {
  ...{ symbol: 'BTCUSDT', strategy: 'grid', error: { name: 'GridError', message: 'no' } },
});
const restarted = createEvent('strategy.restarted', { symbol: 'BTCUSDT', strategy: 'grid', attempt: 1 });
const stopped = createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' });

function after(...events: readonly TradingEvent[]): HealthState {
  const health = ProjectedState.of(healthProjection);
  for (const event of events) health.apply(event);
  return health.current;
}

describe('the health of an exchange', () => {
  it.each<[string, readonly TradingEvent[], number, 'up' | 'down', string]>([
    [
      'connected, with a fresh price',
      [started, priced('BTCUSDT', START)],
      START,
      'up',
      'connected and fresh',
    ],
    ['connected, before any price', [started], START, 'up', 'connected, no price yet'],
    [
      'priced as long ago as is allowed',
      [started, priced('BTCUSDT', START)],
      START + MINUTE,
      'up',
      'connected and fresh',
    ],
    [
      'priced longer ago',
      [started, priced('BTCUSDT', START)],
      START + MINUTE + 1,
      'down',
      `no price for 60 s, since ${AT_START}`,
    ],
    [
      'kept fresh by any of its symbols',
      [started, priced('BTCUSDT', 0), priced('NEW', START)],
      START,
      'up',
      'connected and fresh',
    ],
    [
      'not kept fresh by another exchange’s',
      [started, otherStarted, priced('BTCUSDT', START), priced('ADAUSDT', START + 2 * MINUTE)],
      START + 2 * MINUTE,
      'down',
      `no price for 120 s, since ${AT_START}`,
    ],
    [
      'without one of its streams',
      [started, lost],
      START,
      'down',
      `the orders stream is disconnected since ${AT_START}: ping timeout`,
    ],
    [
      'without a stream and without prices',
      [started, priced('BTCUSDT', 0), lost],
      START,
      'down',
      `the orders stream is disconnected since ${AT_START}: ping timeout`,
    ],
    [
      'with the stream back',
      [started, priced('BTCUSDT', START), lost, back],
      START,
      'up',
      'connected and fresh',
    ],
    [
      'whose only symbol was stopped',
      [started, priced('BTCUSDT', 0), stopped],
      START,
      'up',
      'connected, no price yet',
    ],
    ['unknown', [], START, 'up', 'connected, no price yet'],
  ])('that is %s', (_, events, now, status, reason) => {
    expect(exchangeHealth(after(...events), 'paper', now, MINUTE)).toEqual({ status, reason });
  });
});

describe('the health of trading', () => {
  it.each<[string, readonly TradingEvent[], 'up' | 'degraded', string]>([
    ['undisturbed', [started], 'up', 'no breaker, limit or panic'],
    [
      'with a tripped breaker',
      [started, tripped],
      'degraded',
      'circuit breaker global is open: max_drawdown',
    ],
    ['with a breaker that was reset', [started, tripped, reset], 'up', 'no breaker, limit or panic'],
    ['beyond a limit', [started, breached], 'degraded', 'risk limit max_position of BTCUSDT is breached'],
    ['within the limit again', [started, breached, cleared], 'up', 'no breaker, limit or panic'],
    ['with a panicked strategy', [started, panicked], 'degraded', 'strategy grid of BTCUSDT has panicked'],
    ['with a restarted strategy', [started, panicked, restarted], 'up', 'no breaker, limit or panic'],
    [
      'with all of it at once',
      [started, tripped, breached, panicked],
      'degraded',
      'circuit breaker global is open: max_drawdown; risk limit max_position of BTCUSDT is breached; strategy grid of BTCUSDT has panicked',
    ],
  ])('%s', (_, events, status, reason) => {
    expect(tradingHealth(after(...events))).toEqual({ status, reason, symbols: ['BTCUSDT'] });
  });

  it('names no symbol that was stopped, nor its panic', () => {
    expect(tradingHealth(after(started, panicked, stopped))).toEqual({
      ...{ status: 'up', reason: 'no breaker, limit or panic', symbols: [] },
    });
  });
});

describe('the health of the replay', () => {
  it.each([
    [{ state: 'running', position: 7 }, 'down', 'replaying the event log, at position 7'],
    [
      { state: 'running', position: 0, problem: 'no server' },
      'down',
      'the event log cannot be replayed and is tried again: no server',
    ],
    [{ state: 'failed', error: new Error('a gap') }, 'down', 'the event log could not be replayed: a gap'],
    [{ state: 'done', events: 3, from: 0 }, 'up', '3 events replayed at the start'],
    [
      { state: 'done', events: 3, from: 90 },
      'up',
      '3 events replayed at the start, after the snapshot at position 90',
    ],
  ] as const)('that is %j', (replay, status, reason) => {
    expect(replayHealth(replay)).toEqual({ status, reason });
  });
});

describe('the health of the event log', () => {
  const log: EventLogStatus = {
    ...{
      position: 9,
      queueDepth: 2,
      queueCapacity: 10,
      refused: 0,
      writerRestarts: 0,
      lagMs: 0,
      appendMs: 0,
    },
  };
  const full = new EventLogError('LOG_WRITE_FAILED', 'the disk is full');
  const unarchived = new EventLogError('LOG_ARCHIVE_FAILED', 'archiving fails');
  const storage = { walBytes: 4_096, archivedThrough: 5 };
  const details = { position: 9, queueDepth: 2 };

  it.each<[string, EventLogStatus, object]>([
    ['is up while it is writable', log, { status: 'up', reason: 'writable', ...details }],
    ['shows its files', { ...log, storage }, { status: 'up', reason: 'writable', ...details, ...storage }],
    [
      'is down while it refuses',
      { ...log, failure: full },
      { status: 'down', reason: 'the disk is full', ...details },
    ],
    [
      'is degraded while its maintenance fails',
      { ...log, storage: { ...storage, failure: unarchived } },
      { status: 'degraded', reason: 'archiving fails', ...details, ...storage },
    ],
    [
      'is down while both fail',
      { ...log, failure: full, storage: { ...storage, failure: unarchived } },
      { status: 'down', reason: 'the disk is full', ...details, ...storage },
    ],
  ])('%s', (_, status, expected) => {
    expect(eventLogHealth(status)).toEqual(expected);
  });
});

describe('the health of the alerts', () => {
  it.each([
    [{ role: 'starting' }, 'degraded', 'waits for the replay of the event log', false],
    [{ role: 'leader' }, 'up', 'sends', true],
    [{ role: 'standby' }, 'up', 'stands by for whoever sends', false],
    [{ role: 'standby', holder: 'process 1 on a' }, 'up', 'stands by for process 1 on a', false],
    [{ role: 'standby', problem: 'no server' }, 'degraded', 'stands by and tries again: no server', false],
    [{ role: 'ended', reason: 'stopped' }, 'degraded', 'stopped', false],
  ] as const)('that are %j', (alerts, status, reason, sends) => {
    expect(alertsHealth(alerts)).toEqual({ status, reason, sends });
  });
});

describe('the health of the channels', () => {
  it.each<[string, readonly (readonly [string, string])[], 'up' | 'degraded', string]>([
    ['none broken', [], 'up', '2 in use'],
    ['one broken', [['slack', 'no_service']], 'degraded', 'slack is broken: no_service'],
    [
      'all broken',
      [
        ['slack', 'no_service'],
        ['log', 'closed'],
      ],
      'degraded',
      'slack is broken: no_service; log is broken: closed',
    ],
  ])('with %s', (_, broken, status, reason) => {
    const channels = { names: ['log', 'slack'], broken: new Map(broken), pending: 4 };
    const details = { channels: ['log', 'slack'], pendingDeliveries: 4 };
    expect(channelsHealth(channels)).toEqual({ status, reason, ...details });
  });
});

describe('the health of the heartbeats', () => {
  it.each([
    [{ state: 'sent', lastSentAt: START }, 'up', 'the last one arrived', AT_START],
    [{ state: 'starting', reason: 'a replay', lastSentAt: undefined }, 'up', 'none yet: a replay', 'never'],
    [{ state: 'withheld', reason: 'a panic', lastSentAt: START }, 'degraded', 'withheld: a panic', AT_START],
    [
      { state: 'failed', reason: 'HTTP 500', lastSentAt: undefined },
      'degraded',
      'the last one did not arrive: HTTP 500',
      'never',
    ],
  ] as const)('that are %j', (report, status, reason, lastSentAt) => {
    expect(heartbeatHealth(report)).toEqual({ status, reason, lastSentAt });
  });
});
