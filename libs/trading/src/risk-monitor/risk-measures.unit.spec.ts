import { Decimal } from '../market/money';
import { Drawdown } from './drawdown';
import { LatencyWindow } from './latency-window';
import { type Losses, nextLosses } from './loss-streak';
import { PriceMoveWindow } from './price-move-window';
import { nextSeverity } from './soft-limits';
import { VolumeWindow } from './volume-window';

describe('a soft limit', () => {
  it.each([
    [undefined, 0.99, undefined],
    [undefined, 1, 'warning'],
    [undefined, 1.5, 'error'],
    ['warning', 0.95, 'warning'],
    ['warning', 0.89, undefined],
    ['warning', 1.6, 'error'],
    ['error', 1.1, 'error'],
    ['error', 0.5, undefined],
  ] as const)('that is at %s and measures %f of its threshold is at %s', (current, ratio, expected) => {
    expect(nextSeverity(current, ratio, 0.9)).toBe(expected);
  });

  it.each([
    [1, 0.999, undefined],
    [0.5, 0.51, 'warning'],
    [0.5, 0.49, undefined],
  ])('that clears below %f, exceeded and now at %f, is at %s', (clearBelow, ratio, expected) => {
    expect(nextSeverity('warning', ratio, clearBelow)).toBe(expected);
  });
});

describe('risk measures', () => {
  it('measure a price move from the extreme within the window, and forget older ones', () => {
    const moves = new PriceMoveWindow(60_000);
    expect(moves.next(0, 100)).toBe(0);
    expect(moves.next(30_000, 95)).toBeCloseTo(0.05);
    expect(moves.next(70_000, 95)).toBe(0);
    expect(moves.next(80_000, 98)).toBeCloseTo(3 / 95);
    moves.clear();
    expect(moves.next(80_001, 90)).toBe(0);
  });

  it('compare the minute with the average of those before, and say when there are as many as were asked for', () => {
    const volume = new VolumeWindow(2);
    expect(volume.next(0, 10)).toBeUndefined();
    expect([volume.next(60_000, 20), volume.isFull]).toEqual([2, false]);
    expect([volume.next(120_000, 30), volume.isFull]).toEqual([2, true]);
    expect(volume.next(120_001, 30)).toBe(4);
  });

  it('give a busy minute until one after it has passed that was not busy', () => {
    const volume = new VolumeWindow(1);
    const minutes = [1, 10, 10, 1, 1].map((quantity, minute) => volume.next(60_000 * minute, quantity));
    expect(minutes).toEqual([undefined, 10, 10, 1, 1]);
    volume.next(60_000 * 5, 50);
    expect(volume.next(60_000 * 8, 1)).toBeUndefined();
  });

  it('take no minute for an average one in which the feed was lost or came back', () => {
    const volume = new VolumeWindow(2);
    for (const minute of [0, 1, 2]) volume.next(60_000 * minute, 10);
    volume.interrupt();
    expect(volume.next(60_000 * 30 + 50_000, 4)).toBeCloseTo(0.4);
    expect([volume.next(60_000 * 31, 20), volume.isFull]).toEqual([2, true]);
    expect(volume.next(60_000 * 33, 10)).toBeCloseTo(1);
  });

  it('give the 99th percentile of the last minute, when there are enough calls', () => {
    const latency = new LatencyWindow();
    expect([10, 20, 30, 40].map((ms, i) => latency.next(i, ms))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(latency.next(4, 5)).toBe(40);
    expect(latency.next(70_000, 1)).toBeUndefined();
  });

  it('give the fall of the profit from its peak, to the last digit, and from a new peak once cleared', () => {
    const drawdown = new Drawdown();
    const next = (pnl: string) => drawdown.next(() => new Decimal(pnl), Number(pnl));
    expect(['1', '3.1', '2', '3'].map(next)).toEqual([0, 0, 3.1 - 2, 3.1 - 3]);
    expect(drawdown.exact(new Decimal('3')).toFixed()).toBe('0.1');
    drawdown.clear();
    expect(next('-5')).toBe(0);
  });

  it('count an order that closed at a loss once, and start over after a profit', () => {
    let losses: Losses | undefined;
    const next = (orderId: string, pnl: number) => (losses = nextLosses(losses, orderId, pnl)).count;
    expect([next('a', -1), next('a', -1), next('b', -1), next('c', 0)]).toEqual([1, 1, 2, 2]);
    expect(next('d', 3)).toBe(0);
  });
});
