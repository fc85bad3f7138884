import { PlayedTrades } from './played-trades';

describe('the trades that were played', () => {
  it('are remembered for two seconds, and no more than 100,000 of them, however many have one time', () => {
    const played = new PlayedTrades<string>();
    for (let id = 0; id < 250_000; id++) played.add({ id: String(id), time: 1_000 }, 'a');
    const isRepeat = (id: number, time: number) => !played.add({ id: String(id), time }, 'b');
    expect(isRepeat(249_999, 3_000)).toBe(true);
    expect(isRepeat(150_100, 3_000)).toBe(true);
    expect(isRepeat(149_000, 3_000)).toBe(false);
    expect(isRepeat(249_999, 3_001)).toBe(false);
  });
});
