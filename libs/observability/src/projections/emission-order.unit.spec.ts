import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { EmissionOrder } from './emission-order';

const logged = (id: string): TradingEvent =>
  createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' }, { id });
const live = (id: string): TradingEvent =>
  createEvent('price.updated', { symbol: 'BTCUSDT', price: '1' }, { id });

describe('the order of live events among logged ones', () => {
  function emitted(...events: readonly TradingEvent[]) {
    const order = new EmissionOrder(4);
    const folded: string[] = [];
    const fold = ({ id }: TradingEvent): void => void folded.push(id);
    for (const event of events) order.emitted(event);
    return { order, folded, fold };
  }

  it('holds a live event back until what came before it is committed', () => {
    const { order, folded, fold } = emitted(live('1'), logged('2'), live('3'));
    order.settled(fold);
    expect(folded).toEqual(['1']);
    order.committed(logged('2'), fold);
    order.settled(fold);
    expect(folded).toEqual(['1', '3']);
  });

  it('passes over a logged event that the log refused', () => {
    const { order, folded, fold } = emitted(logged('refused'), live('1'), logged('2'));
    order.committed(logged('2'), fold);
    expect(folded).toEqual(['1']);
  });

  it('is not moved by a committed event that was never emitted here', () => {
    const { order, folded, fold } = emitted(live('1'), logged('2'));
    order.committed(logged('of somebody else'), fold);
    expect(folded).toEqual([]);
  });

  it('is given up when too many wait: live events are folded, none is lost', () => {
    const { order, folded, fold } = emitted(logged('0'), live('1'), live('2'), logged('3'), live('4'));
    expect(order.isOverfull).toBe(true);
    order.giveUp(fold);
    expect(folded).toEqual(['1', '2', '4']);
    expect(order.isOverfull).toBe(false);
    order.committed(logged('3'), fold);
    expect(folded).toHaveLength(3);
  });
});
