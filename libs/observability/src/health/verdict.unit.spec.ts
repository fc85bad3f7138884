import type { AnyEvent } from '@opensqt/trading-events';
import { MINUTE, START, after, facts, priced } from './testing/health-events';
import { type VerdictInputs, verdictOf } from './verdict';

const { started, stopped, paused, resumed, lost, back, tripped, reset, panicked, restarted } = facts;
const { breached, cleared, alerted, placed } = facts;

const ABC = ['A', 'B', 'C'].map((symbol) => started(symbol));
const all = (reason: 'ended' | 'warming_up', seconds = 9) =>
  ['A', 'B', 'C'].map((symbol) => paused(symbol, reason, seconds));
const quoting = [
  ...[...ABC, ...all('warming_up', 0)],
  ...['A', 'B', 'C'].map((symbol) => resumed(symbol, 'warming_up', 1)),
];
const fresh = priced({ A: 0, B: 0, C: 0 });

describe('the verdict', () => {
  it.each<[string, readonly AnyEvent[], VerdictInputs, string, string]>([
    ['every symbol trades', quoting, {}, 'Trading', 'All 3 symbols trade.'],
    ['the only symbol trades', [started('A')], { evidence: fresh }, 'Trading', 'A trades.'],
    ['an order was placed of one that nobody started', [placed('A')], {}, 'Trading', 'A trades.'],
    [
      'one of three panicked',
      [...quoting, panicked('A', 5)],
      { evidence: fresh },
      'Trading, 1 of 3 symbols stands still',
      'A stands still: strategy grid panicked and restarts. The other 2 symbols trade.',
    ],
    [
      'two of three may not place anything',
      [...quoting, paused('A', 'limit'), paused('B', 'limit')],
      {},
      'Trading, 2 of 3 symbols stand still',
      'A, B stand still: a risk limit permits no order. C trades.',
    ],
    [
      'the market stream is lost',
      [...quoting, lost(5)],
      { evidence: fresh },
      'Not trading: market stream lost',
      'All 3 symbols stand still: the market stream of paper is lost: ping timeout.',
    ],
    ['it is back', [...quoting, lost(5), back(6)], {}, 'Trading', 'All 3 symbols trade.'],
    [
      'the global breaker is open',
      [...quoting, tripped()],
      {},
      'Not trading: circuit breaker',
      'All 3 symbols stand still: the circuit breaker of all symbols is open (max drawdown).',
    ],
    ['it was reset', [...quoting, tripped(), reset()], {}, 'Trading', 'All 3 symbols trade.'],
    [
      'a symbol’s breaker is open',
      [...quoting, tripped('B')],
      {},
      'Trading, 1 of 3 symbols stands still',
      'B stands still: the circuit breaker of B is open (max drawdown). The other 2 symbols trade.',
    ],
    [
      'each stands still for a reason of its own',
      [started('A'), started('B'), panicked('A'), tripped('B')],
      {},
      'Not trading: circuit breaker, strategy panicked',
      'A stands still: strategy grid panicked and restarts. B stands still: the circuit breaker of B is open (max drawdown).',
    ],
    ['a strategy runs again', [started('A'), panicked('A'), restarted('A')], {}, 'Trading', 'A trades.'],
    [
      'the feed has ended',
      [...quoting, ...all('ended')],
      { evidence: fresh },
      'Not trading: trading ended',
      'All 3 symbols stand still: the market data has ended.',
    ],
    [
      'trading ended by itself',
      [
        ...[started('A'), stopped('A', 'process_exit')],
        alerted('trading_ended', { exchange: 'paper' }, 'trades.csv, line 48,211 is malformed.'),
      ],
      { evidence: fresh },
      'Not trading: trading ended',
      'A stands still: trades.csv, line 48,211 is malformed.',
    ],
    [
      'trading ended by itself before a symbol was started',
      [alerted('trading_ended', { exchange: 'paper' }, 'trades.csv is in no known format.')],
      { symbols: ['A', 'B'], evidence: priced({}) },
      'Not trading: trading ended',
      'Both symbols stand still: trades.csv is in no known format.',
    ],
    [
      'no symbol was started yet',
      [],
      { symbols: ['A', 'B'], evidence: priced({}) },
      'Unknown: no price received yet',
      'Both symbols stand still: not started.',
    ],
    [
      'trading begins again after that',
      [
        ...[started('A'), stopped('A', 'process_exit')],
        ...[alerted('trading_ended', { exchange: 'paper' }, 'no'), started('A')],
      ],
      {},
      'Trading',
      'A trades.',
    ],
    [
      'the venue refuses every order',
      [started('A'), alerted('orders_rejected', { exchange: 'paper' }, 'insufficient balance')],
      {},
      'Not trading: every order is refused',
      'A stands still: the venue refuses every order: insufficient balance.',
    ],
    [
      'the venue of another symbol does',
      [started('A'), started('B'), alerted('orders_rejected', { symbol: 'B' }, 'no')],
      {},
      'Trading, 1 of 2 symbols stands still',
      'B stands still: the venue refuses every order: no. A trades.',
    ],
    [
      'it takes orders again',
      [
        started('A'),
        alerted('orders_rejected', { exchange: 'paper' }, 'no'),
        facts.resolved('orders_rejected'),
      ],
      {},
      'Trading',
      'A trades.',
    ],
    [
      'the process stopped',
      [started('A'), paused('A', 'ended'), stopped('A', 'process_exit')],
      {},
      'Not trading: stopped',
      'A stands still: the process stopped.',
    ],
    [
      'an operator stopped one of two',
      [started('A'), started('B'), stopped('B', 'operator')],
      { symbols: ['A', 'B'], evidence: fresh },
      'Trading, 1 of 2 symbols stands still',
      'B stands still: stopped (operator). A trades.',
    ],
    [
      'one was removed from the configuration',
      [started('A'), started('B'), stopped('B', 'not_configured')],
      { symbols: ['A'], evidence: fresh },
      'Trading',
      'A trades.',
    ],
    [
      'a symbol’s market data is too old',
      [...quoting, breached('C', 'market_data_age')],
      {},
      'Trading, 1 of 3 symbols stands still',
      'C stands still: the last price is too old. The other 2 symbols trade.',
    ],
    [
      'it is fresh again',
      [...quoting, breached('C', 'market_data_age'), cleared('C', 'market_data_age')],
      {},
      'Trading',
      'All 3 symbols trade.',
    ],
    [
      'strategies are warming up',
      [...ABC, ...all('warming_up')],
      { evidence: fresh },
      'Not trading: warming up',
      'All 3 symbols stand still: the strategy is warming up.',
    ],
    [
      'one symbol’s prices do not come any more',
      quoting,
      { evidence: priced({ A: 0, B: 6 * MINUTE, C: MINUTE }) },
      'Trading, 1 of 3 symbols stands still',
      'B stands still: no price for 6 min (limit 1 min). The other 2 symbols trade.',
    ],
    [
      'no price has come of one',
      [...quoting, paused('A', 'warming_up')],
      { evidence: priced({ B: 0, C: 0 }) },
      'Trading, 1 of 3 symbols stands still',
      'A stands still: no price was received since the start. The other 2 symbols trade.',
    ],
    [
      'no price has come at all',
      [...ABC, ...all('warming_up')],
      { evidence: priced({}) },
      'Unknown: no price received yet',
      'All 3 symbols stand still: no price was received since the start.',
    ],
    [
      'a configured symbol was never started',
      [started('A')],
      { symbols: ['A', 'B'], evidence: fresh },
      'Trading, 1 of 2 symbols stands still',
      'B stands still: not started. A trades.',
    ],
    [
      'nothing was started',
      [],
      { symbols: ['A'], evidence: fresh },
      'Unknown: no price received yet',
      'A stands still: not started.',
    ],
    [
      'nothing is configured',
      [],
      { evidence: fresh },
      'Unknown: no symbol is traded',
      'No symbol has been started.',
    ],
    [
      'the log is being replayed',
      quoting,
      { blind: { headline: 'replaying the log, 62 %', reason: 'Position 62 of 100' } },
      'Unknown: replaying the log, 62 %',
      'Position 62 of 100.',
    ],
  ])('while %s', (_, events, inputs, title, reason) => {
    const verdict = verdictOf(after(...events), inputs);
    expect([verdict.title, verdict.reason]).toEqual([title, reason]);
    const kind = { Trading: 'trading', 'Not trading': 'not_trading', Unknown: 'unknown' };
    expect(verdict.verdict).toBe(
      kind[/^(Trading|Not trading|Unknown)/.exec(title)?.[0] as keyof typeof kind],
    );
  });

  it('names many symbols shortly', () => {
    const symbols = Array.from({ length: 9 }, (_, n) => `S${n}`);
    const events = [...symbols.map((symbol) => started(symbol)), ...symbols.slice(1).map((s) => panicked(s))];
    expect(verdictOf(after(...events), {}).reason).toBe(
      'S1, S2, S3, S4, S5 and 3 more stand still: strategy grid panicked and restarts. S0 trades.',
    );
  });
});

describe('the record since which the verdict is what it is', () => {
  const since = (...events: readonly AnyEvent[]) => verdictOf(after(...quoting, ...events), {}).since;

  it('is the one that made it so', () => {
    expect(since()).toEqual({ position: 9, at: START + 1_000 });
    expect(since(tripped('global', 5))).toEqual({ position: 10, at: START + 5_000 });
    expect(since(tripped('global', 5), reset('global', 8))).toEqual({ position: 11, at: START + 8_000 });
  });

  it('is not one that says the same again', () => {
    expect(since(tripped('global', 5), tripped('A', 6), paused('A', 'breaker', 6))).toEqual({
      ...{ position: 10, at: START + 5_000 },
    });
    expect(since(placed('A', 20))).toEqual({ position: 9, at: START + 1_000 });
  });

  it('is the last of several that were needed for it', () => {
    const events = ['A', 'B', 'C'].map((symbol, n) => tripped(symbol, 5 + n));
    expect(since(...events)).toEqual({ position: 12, at: START + 7_000 });
  });

  it('is a symbol’s own for the symbol', () => {
    const { symbols } = verdictOf(after(...quoting, panicked('A', 5), tripped('B', 6)), {});
    expect(symbols).toMatchObject({
      total: 3,
      still: [
        { symbol: 'A', code: 'strategy_panic', since: { position: 10 } },
        { symbol: 'B', code: 'breaker', since: { position: 11 } },
      ],
    });
  });

  it('is found in the committed state where the other is ahead of it', () => {
    const committed = after(...quoting);
    const ahead = structuredClone(committed);
    for (const symbol of ['A', 'B', 'C']) {
      ahead.standing.set(symbol, { code: null, since: { at: START + 1_000 } });
    }
    expect(verdictOf(ahead, { committed }).since).toEqual({ position: 9, at: START + 1_000 });
    expect(verdictOf(ahead, {}).since).toEqual({ at: START + 1_000 });
  });

  it('is the last price, without a position, where silence is all there is', () => {
    const evidence = { ...priced({ A: 0, B: 5 * MINUTE, C: 0 }), now: START + 9 * MINUTE };
    const verdict = verdictOf(after(...quoting), { evidence });
    expect(verdict.since).toEqual({ at: START + 4 * MINUTE });
    expect(verdict.symbols.still).toMatchObject([{ symbol: 'B', since: { at: START + 4 * MINUTE } }]);
  });
});
