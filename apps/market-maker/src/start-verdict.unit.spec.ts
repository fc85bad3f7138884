import type { HealthService } from '@opensqt/observability';
import { sayVerdict } from './start-verdict';

const unknown = {
  verdict: 'unknown',
  title: 'Unknown: no price received yet',
  reason: 'BTCUSDT stands still.',
};
const trading = { verdict: 'trading', title: 'Trading', reason: 'BTCUSDT trades.' };

describe('the verdict at the start', () => {
  let lines: string[] = [];
  beforeEach(() => {
    lines = [];
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  const start = (verdict: () => object) =>
    sayVerdict(
      { verdict: () => verdict() as ReturnType<HealthService['verdict']> },
      { log: (line: string) => lines.push(line) },
    );

  it('is said once, when the bot trades', () => {
    let now = unknown;
    start(() => now);
    jest.advanceTimersByTime(2_000);
    expect(lines).toEqual([]);
    now = trading;
    jest.advanceTimersByTime(120_000);
    expect(lines).toEqual(['Trading. BTCUSDT trades.']);
  });

  it('is why it does not trade, after a minute', () => {
    start(() => unknown);
    jest.advanceTimersByTime(300_000);
    expect(lines).toEqual(['Unknown: no price received yet. BTCUSDT stands still.']);
  });

  it('is not said any more once trading has ended', () => {
    const end = start(() => unknown);
    end();
    jest.advanceTimersByTime(300_000);
    expect(lines).toEqual([]);
  });
});
