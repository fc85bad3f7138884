import { trade } from '../../testing/recorded-run';
import { PlayedTrades } from './played-trades';

const traded = (id: number, time: number) => ({ ...trade('X', time, 100, '1'), id: String(id) });

describe('the trades that were played', () => {
  it('are remembered for two seconds, and no more than 100,000 of them, however many have one time', () => {
    const played = new PlayedTrades<string>();
    for (let id = 0; id < 250_000; id++) played.add(traded(id, 1_000), 'a');
    const isRepeat = (id: number, time: number) => !played.add(traded(id, time), 'b');
    expect(isRepeat(249_999, 3_000)).toBe(true);
    expect(isRepeat(150_100, 3_000)).toBe(true);
    expect(isRepeat(149_000, 3_000)).toBe(false);
    expect(isRepeat(249_999, 3_001)).toBe(false);
  });
});
