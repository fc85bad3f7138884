import {
  type Random,
  type Side,
  type TradingEvent,
  createEvent,
  seededRandom,
} from '@opensqt/trading-events';

const STRATEGY = 'grid';
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] as const;
const SIDES = ['buy', 'sell'] as const;
const ID = /^stress-(\d+)-(\d+)$/;

/** The run that emitted a logged event, and the event's number in it; undefined for those of others, such as alerts. */
export function numberOf(id: string): { readonly run: number; readonly number: number } | undefined {
  const [, run, number] = ID.exec(id) ?? [];
  return run === undefined || number === undefined ? undefined : { run: Number(run), number: Number(number) };
}

/** An order that a run has placed and that is not closed. */
export interface OpenOrder {
  readonly symbol: string;
  readonly orderId: string;
  readonly side: Side;
}

/**
 * Events without end, as a busy market maker states them: mostly orders and fills, now and then something that raises an alert, and
 * live ones in between. Logged ones are numbered without gaps, in their ids.
 *
 * @param run goes into the ids, so that no two runs state the same
 * @param left orders of earlier runs, which are cancelled first, as a market maker that starts again does
 */
export function* load(
  seed: string,
  run: number,
  left: readonly OpenOrder[] = [],
): Generator<TradingEvent, never> {
  const random = seededRandom(`${seed}:${run}`);
  const open: OpenOrder[] = [];
  let number = 0;
  const envelope = (): { id: string } => ({ id: `stress-${run}-${number++}` });
  for (const symbol of SYMBOLS) {
    yield createEvent('symbol.started', { symbol, exchange: 'paper', strategy: STRATEGY }, envelope());
  }
  for (const order of left) {
    yield createEvent('order.canceled', { ...order, strategy: STRATEGY, reason: 'restart' }, envelope());
  }
  for (;;) {
    const symbol = pick(random, SYMBOLS);
    const dice = random();
    if (dice < 0.35) {
      const order = { symbol, orderId: `r${run}-${number}`, side: pick(random, SIDES) };
      open.push(order);
      yield createEvent(
        'order.placed',
        {
          ...{ ...order, strategy: STRATEGY, clientOrderId: `c-${order.orderId}`, orderType: 'post_only' },
          ...{ price: amount(random), quantity: amount(random), tickToTradeMs: random() },
        },
        envelope(),
      );
    } else if (dice < 0.6) {
      const order = open.shift();
      if (order === undefined) continue;
      yield createEvent('order.canceled', { ...order, strategy: STRATEGY, reason: 'requote' }, envelope());
    } else if (dice < 0.75) {
      const order = open.pop();
      if (order === undefined) continue;
      const remaining = random() < 0.3 ? '1' : '0';
      if (remaining !== '0') open.push(order);
      yield createEvent(
        'order.filled',
        {
          ...{ ...order, strategy: STRATEGY, fillId: `f${number}`, price: amount(random) },
          ...{ quantity: amount(random), remaining, fee: '0.01', feeAsset: 'USDT' },
        },
        envelope(),
      );
      const realizedPnl = random() < 0.5 ? amount(random) : `-${amount(random)}`;
      const position = { size: amount(random), entryPrice: amount(random), realizedPnl, unrealizedPnl: '0' };
      yield createEvent('position.changed', { symbol, strategy: STRATEGY, ...position }, envelope());
    } else if (dice < 0.7525) {
      const trip = { scope: symbol, reason: 'max_volatility', value: 1, threshold: 1, cooldownMs: 1_000 };
      yield createEvent('circuit_breaker.tripped', trip, envelope());
      yield createEvent('circuit_breaker.reset', { scope: symbol, by: 'cooldown' }, envelope());
    } else if (dice < 0.755) {
      const error = { name: 'GridError', message: 'a level below zero' };
      yield createEvent('strategy.panicked', { symbol, strategy: STRATEGY, error }, envelope());
      yield createEvent('strategy.restarted', { symbol, strategy: STRATEGY, attempt: 1 }, envelope());
    } else if (dice < 0.85) {
      yield createEvent('exchange.call_completed', {
        ...{ exchange: 'paper', operation: 'place_order', durationMs: random() * 100, outcome: 'ok' },
      });
    } else {
      yield createEvent('price.updated', { symbol, price: amount(random) });
    }
  }
}

function pick<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

/** An amount above zero, with up to 8 decimals. */
function amount(random: Random): string {
  return (0.00000001 + random() * 10).toFixed(1 + Math.floor(random() * 8)).replace(/^0\.0+$/, '0.1');
}
