import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { symbolRemoved } from './symbol-removed.rule';

const order = { symbol: 'ETHUSDT', strategy: 'grid', orderId: '1', side: 'buy' } as const;
const placed = createEvent('order.placed', {
  ...order,
  clientOrderId: 'c',
  orderType: 'limit',
  price: '3000',
  quantity: '1',
});
const canceled = createEvent('order.canceled', { ...order, reason: 'operator' });
const START = Date.UTC(2026, 0, 1);
const holds = (size: string, occurredAt = START) =>
  createEvent(
    'position.changed',
    {
      symbol: 'ETHUSDT',
      strategy: 'grid',
      size,
      entryPrice: size === '0' ? '0' : '3000',
      realizedPnl: '0',
      unrealizedPnl: '0',
    },
    { occurredAt },
  );
const stopped = (reason: string) => createEvent('symbol.stopped', { symbol: 'ETHUSDT', reason });
const starts = (occurredAt: number) =>
  createEvent('symbol.started', { symbol: 'ETHUSDT', exchange: 'paper', strategy: 'grid' }, { occurredAt });
const started = starts(START);

function verdictsOf(...events: readonly TradingEvent[]) {
  const memory = symbolRemoved.memory?.({ timeZone: 'UTC', command: 'npx opensqt' });
  if (memory === undefined) throw new Error('The rule has a memory.');
  let state = memory.initial();
  return events.flatMap((event) => {
    state = memory.evolve(state, event);
    return memory.decide(state, event.occurredAt, event).map(({ verdict, message }) => [verdict, message]);
  });
}

describe('a symbol that was stopped with a position or live orders', () => {
  it('is an alert with size, value and orders', () => {
    const [[verdict, message] = []] = verdictsOf(placed, holds('-2'), stopped('not_configured'));
    expect(verdict).toBe('raise');
    expect(message).toContain('a position of −2, worth 6,000');
    expect(message).toContain('1 live order.');
  });

  it('is resolved once nothing is left, or when it is traded again', () => {
    const ended = [placed, stopped('delisted'), canceled];
    expect(verdictsOf(...ended).map(([verdict]) => verdict)).toEqual(['raise', 'resolve']);
    const again = [holds('1'), stopped('delisted'), started, holds('2')];
    expect(verdictsOf(...again).map(([verdict]) => verdict)).toEqual(['raise', 'resolve']);
  });

  it('is no alert at the end of the process, or with nothing left', () => {
    expect(verdictsOf(placed, holds('1'), stopped('process_exit'))).toEqual([]);
    expect(verdictsOf(holds('0'), stopped('delisted')).map(([verdict]) => verdict)).toEqual(['resolve']);
  });

  it('is judged by the position that was newest, whichever came last', () => {
    const late = [holds('0', START + 2), holds('1', START + 1), stopped('delisted')];
    expect(verdictsOf(...late).map(([verdict]) => verdict)).toEqual(['resolve']);
    const setBack = [holds('1', START + 3_600_000), holds('0', START + 1_000), stopped('delisted')];
    expect(verdictsOf(...setBack).map(([verdict]) => verdict)).toEqual(['resolve']);
    const ahead = [holds('1', START + 86_400_000), holds('0', START), stopped('delisted')];
    expect(verdictsOf(...ahead).map(([verdict]) => verdict)).toEqual(['resolve']);
    const replayed = [holds('0', START + 2), starts(START), holds('1', START + 1), stopped('delisted')];
    expect(verdictsOf(...replayed).map(([verdict]) => verdict)).toEqual(['resolve', 'raise']);
  });
});
