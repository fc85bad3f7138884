import type { AnyEvent } from '@opensqt/trading-events';
import { AT_START, MINUTE, START, after, facts, priced } from './testing/health-events';
import { exchangeHealth, tradingHealth } from './trading-health';
import { type LiveEvidence, verdictOf } from './verdict';

const { started, stopped, paused, lost, back, tripped, reset, panicked, restarted } = facts;
const { breached, cleared, alerted, holds } = facts;
const fresh = priced({ A: 0, B: 0 });

describe('the health of an exchange', () => {
  it.each<[string, readonly AnyEvent[], LiveEvidence, 'up' | 'down', string]>([
    ['connected, with fresh prices', [started('A')], fresh, 'up', 'connected and fresh'],
    [
      'connected, before any price',
      [started('A')],
      priced({}),
      'down',
      'no price of A was received since the start',
    ],
    ['priced as long ago as is allowed', [started('A')], priced({ A: MINUTE }), 'up', 'connected and fresh'],
    [
      'priced longer ago',
      [started('A')],
      { ...priced({ A: MINUTE + 1 }), now: START + MINUTE + 1 },
      'down',
      `no price of A for 1 min, since ${AT_START}`,
    ],
    [
      'not kept fresh by another symbol',
      [started('A'), started('B')],
      { ...priced({ A: 0, B: 2 * MINUTE }), now: START + 2 * MINUTE },
      'down',
      `no price of B for 2 min, since ${AT_START}`,
    ],
    [
      'not brought down by another exchange’s symbol',
      [started('A'), started('B', 0, 'other')],
      priced({ A: 0 }),
      'up',
      'connected and fresh',
    ],
    [
      'without one of its streams',
      [started('A'), lost(0, 'orders')],
      priced({}),
      'down',
      `the orders stream is disconnected since ${AT_START}: ping timeout`,
    ],
    ['with the stream back', [started('A'), lost(), back()], fresh, 'up', 'connected and fresh'],
    [
      'left by its only symbol',
      [started('A'), stopped('A', 'operator')],
      priced({}),
      'up',
      'connected, nothing is traded',
    ],
    ['unknown', [], priced({}), 'up', 'connected, nothing is traded'],
  ])('that is %s', (_, events, evidence, status, reason) => {
    expect(exchangeHealth(after(...events), 'paper', evidence)).toMatchObject({ status, reason });
  });

  it('names every symbol that is silent', () => {
    const state = after(started('A'), started('B'));
    expect(exchangeHealth(state, 'paper', priced({ B: 2 * MINUTE }))['symbols']).toEqual(['A', 'B']);
  });

  it('is starting for a while, until the first price', () => {
    const state = after(started('A'), started('B'));
    const starting = (evidence: LiveEvidence) => exchangeHealth(state, 'paper', evidence)['starting'];
    expect(starting(priced({ A: 0 }, true))).toBe(true);
    expect(starting(priced({ A: 0 }))).toBeUndefined();
    expect(starting(priced({ A: 2 * MINUTE }, true))).toBeUndefined();
  });
});

describe('the health of trading, by the table of docs/operations.md', () => {
  const both = [started('A'), started('B')];
  const health = (events: readonly AnyEvent[], symbols?: readonly string[], evidence = fresh) => {
    const state = after(...events);
    return tradingHealth(state, verdictOf(state, { symbols, evidence }), symbols !== undefined);
  };

  it.each<[string, readonly AnyEvent[], LiveEvidence?]>([
    ['trading ended', [...both, paused('A', 'ended'), paused('B', 'ended')]],
    ['the market data of one symbol ended', [...both, paused('B', 'ended')]],
    ['trading ended by itself', [...both, alerted('trading_ended', { exchange: 'paper' }, 'no')]],
    [
      'the process of all symbols stopped',
      [...both, stopped('A', 'process_exit'), stopped('B', 'process_exit')],
    ],
    ['an operator stopped all symbols', [...both, stopped('A', 'operator'), stopped('B', 'operator')]],
    ['trading never began', []],
    ['a configured symbol never began', [started('A')]],
    ['no price has come', both, priced({})],
    ['no price of one symbol has come', both, priced({ A: 0 })],
    ['the prices of one symbol do not come any more', both, priced({ A: 0, B: 2 * MINUTE })],
    ['the market data of one symbol is stale', [...both, breached('B', 'market_data_age')]],
    ['the exchange is down', [...both, lost()]],
    ['the global breaker is open', [...both, tripped()]],
    ['a symbol’s breaker is open', [...both, tripped('B')]],
    ['the venue refuses every order', [...both, alerted('orders_rejected', { exchange: 'paper' }, 'no')]],
    ['no symbol may place an order', [...both, paused('A', 'limit'), paused('B', 'order_size')]],
  ])('is down while %s', (_, events, evidence = fresh) => {
    expect(health(events, ['A', 'B'], evidence)).toMatchObject({ status: 'down' });
  });

  it.each<[string, readonly AnyEvent[], string]>([
    ['a symbol was stopped', [...both, stopped('B', 'operator')], 'Trading, 1 of 2 symbols stands still'],
    [
      'a strategy panicked',
      [...both, panicked('A')],
      'Trading, 1 of 2 symbols stands still; strategy grid of A has panicked',
    ],
    [
      'a limit is breached',
      [...both, breached('A', 'max_position')],
      'Trading; risk limit max_position of A is breached',
    ],
    ['a symbol warms up', [...both, paused('A', 'warming_up')], 'Trading, 1 of 2 symbols stands still'],
  ])('is degraded while %s', (_, events, reason) => {
    expect(health(events, ['A', 'B'])).toMatchObject({ status: 'degraded', reason });
  });

  it.each<[string, readonly AnyEvent[]]>([
    ['undisturbed', both],
    ['after a breaker was reset', [...both, tripped(), reset()]],
    ['within its limits again', [...both, breached('A', 'max_position'), cleared('A', 'max_position')]],
    ['after a strategy restarted', [...both, panicked('A'), restarted('A')]],
    [
      'after a symbol was removed from the configuration',
      [...both, started('C'), stopped('C', 'not_configured')],
    ],
    [
      'after a symbol was removed whose last position but one came last',
      [...both, started('C'), holds('C', '0', 2), holds('C', '1', 1), stopped('C', 'not_configured')],
    ],
  ])('is up %s', (_, events) => {
    expect(health(events, ['A', 'B'])).toEqual({ status: 'up', reason: 'Trading', symbols: ['A', 'B'] });
  });

  it.each<[string, readonly AnyEvent[], string]>([
    ['starts none', [], 'Unknown: no symbol is traded'],
    ['stopped all that it had started', [started('A'), stopped('A', 'delisted')], 'Not trading: stopped'],
  ])('is up in an application that configures no symbols and %s', (_, events, reason) => {
    expect(health(events)).toEqual({ status: 'up', reason, symbols: [] });
  });
});
