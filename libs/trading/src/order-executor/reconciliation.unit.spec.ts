import { reconcile } from './reconciliation';

const wanted = (level: number, price: number) => ({ side: 'buy', level, price, quantity: 1 }) as const;
const working = (level: number, price: number, busy = false) =>
  ({ side: 'buy', level, price, busy }) as const;

describe('reconciliation of open orders with the target', () => {
  it('leaves an order that is near enough alone', () => {
    const target = { orders: [wanted(1, 100)], tolerance: 0.5 };
    expect(reconcile(target, [working(1, 100.5)])).toEqual({ cancel: [], place: [] });
  });

  it('first cancels an order that is off, and places the new one once the place is free', () => {
    const target = { orders: [wanted(1, 100)], tolerance: 0.5 };
    expect(reconcile(target, [working(1, 101)])).toEqual({ cancel: [working(1, 101)], place: [] });
    expect(reconcile(target, [])).toEqual({ cancel: [], place: [wanted(1, 100)] });
  });

  it('waits for an order that is on its way', () => {
    const target = { orders: [wanted(1, 100)], tolerance: 0.5 };
    expect(reconcile(target, [working(1, 90, true)])).toEqual({ cancel: [], place: [] });
  });

  it('cancels what the target no longer has', () => {
    expect(reconcile({ orders: [], tolerance: 1 }, [working(2, 100)]).cancel).toHaveLength(1);
  });
});
