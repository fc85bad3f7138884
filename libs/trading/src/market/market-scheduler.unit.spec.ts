import * as fc from 'fast-check';
import { MarketScheduler } from './market-scheduler';

describe('market scheduler', () => {
  it('runs tasks by time, and those of the same time in the order they were scheduled', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 })), (delays) => {
        const scheduler = new MarketScheduler();
        const ran: number[] = [];
        delays.forEach((delay, index) => scheduler.after(delay, () => ran.push(index)));
        while (scheduler.runNext());
        const expected = delays
          .map((_, index) => index)
          .sort((a, b) => (delays[a] ?? 0) - (delays[b] ?? 0) || a - b);
        expect(ran).toEqual(expected);
      }),
    );
  });

  it('stands at the time of the running task and never goes back', () => {
    const scheduler = new MarketScheduler();
    scheduler.advanceTo(1000);
    const times: number[] = [];
    scheduler.after(50, () => times.push(scheduler.now()));
    scheduler.advanceTo(2000);
    scheduler.runNext();
    scheduler.advanceTo(10);
    expect([...times, scheduler.now()]).toEqual([2000, 2000]);
  });

  it('forgets a cancelled task and does not count it as work', () => {
    const scheduler = new MarketScheduler();
    const cancel = scheduler.after(5, () => undefined);
    expect(scheduler.hasWork()).toBe(true);
    cancel();
    cancel();
    expect([scheduler.hasWork(), scheduler.nextTime(), scheduler.runNext()]).toEqual([
      false,
      undefined,
      false,
    ]);
  });

  it('repeats until it is cancelled, without being work to wait for', () => {
    const scheduler = new MarketScheduler();
    let beats = 0;
    const cancel = scheduler.every(10, () => beats++);
    scheduler.runNext();
    scheduler.runNext();
    expect([beats, scheduler.now(), scheduler.hasWork()]).toEqual([2, 20, false]);
    cancel();
    expect(scheduler.runNext()).toBe(false);
  });
});
