import type { Alert } from '@opensqt/observability';
import { type Random, type TradingEvent, createEvent } from '@opensqt/trading-events';

const STRATEGY = 'grid';
const SUBJECTS = ['S0', 'S1', 'S2', 'S3', 'S4'] as const;
const FIRST_NUMBER = 1_000_000;
const EVENTS_OF_A_RUN = 5_000;

/** The number of an event: it stands in every message about it, which sets it apart from all others. */
export function eventNumber(run: number, index: number): number {
  return FIRST_NUMBER + run * EVENTS_OF_A_RUN + index;
}

/** The number that a text, or JSON with it, shows; undefined when it shows none. */
export function numberIn(text: string): number | undefined {
  const found = /(?:(?<![\w.,-])|(?<=\\n))[1-9](?:\d{6}|(?:,\d{3}){2})(?![\w-])/.exec(text)?.[0];
  return found === undefined ? undefined : Number(found.replaceAll(',', ''));
}

/** Something at random: a trouble begins or gets worse, one that is open ends, or a fill is large. */
export function somethingHappens(random: Random, open: readonly Alert[], number: number): TradingEvent {
  const choice = random();
  const ending = open[Math.floor(random() * open.length)];
  if (choice < 0.1) return largeFill(number);
  const end = choice < 0.5 && ending !== undefined ? endOf(ending, number) : undefined;
  return end ?? beginning(random, number);
}

/** A trouble that nothing else in a soak raises. */
export function lastTrouble(number: number): TradingEvent {
  return limitBreached('LAST', number, 'error');
}

function beginning(random: Random, number: number): TradingEvent {
  const subject = SUBJECTS[Math.floor(random() * SUBJECTS.length)] ?? SUBJECTS[0];
  const kind = random();
  if (kind < 0.4) return limitBreached(subject, number, random() < 0.5 ? 'warning' : 'error');
  if (kind < 0.7) {
    const error = { name: 'RangeError', message: `level ${number} is out of range` };
    return createEvent('strategy.panicked', { symbol: subject, strategy: STRATEGY, error });
  }
  return createEvent('exchange.disconnected', {
    exchange: subject,
    stream: random() < 0.5 ? 'market' : 'orders',
    reason: `connection ${number} was reset`,
    reconnecting: random() < 0.8,
  });
}

function endOf({ condition, labels }: Alert, number: number): TradingEvent | undefined {
  const { scope = '', limit = '', symbol = '', strategy = '', exchange = '', stream } = labels;
  switch (condition) {
    case 'risk_limit_breach':
      return createEvent('risk.limit_cleared', { scope, limit, value: String(number) });
    case 'strategy_panic':
      return createEvent('strategy.restarted', { symbol, strategy, attempt: number });
    case 'exchange_disconnect':
      return createEvent('exchange.reconnected', {
        exchange,
        stream: stream === 'orders' ? 'orders' : 'market',
        downtimeMs: 1_000,
        attempts: number,
      });
    default:
      return undefined;
  }
}

function limitBreached(scope: string, number: number, severity: 'warning' | 'error'): TradingEvent {
  const measures = { value: String(number), threshold: '1' };
  return createEvent('risk.limit_breached', { scope, limit: 'max_position', ...measures, severity });
}

function largeFill(number: number): TradingEvent {
  const id = `fill-${number}`;
  return createEvent('order.filled', {
    ...{ symbol: 'S0', strategy: STRATEGY, orderId: id, fillId: id, side: 'buy' },
    ...{ price: String(number), quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
  });
}
