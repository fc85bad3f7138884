import { Progress } from './progress';

describe('Progress', () => {
  let time = 0;
  let written: string[] = [];
  beforeEach(() => {
    time = 0;
    written = [];
  });

  const started = (isTTY: boolean) =>
    new Progress('events replayed', 1_000, {
      terminal: { isTTY, write: (text: string) => written.push(text) },
      now: () => time,
    });

  function reach(progress: Progress, at: number, done: number): void {
    time = at;
    progress.reach(done);
  }

  it('says after two seconds how far it is, how fast and how long it may take, and then goes away', () => {
    const progress = started(true);
    reach(progress, 1_900, 100);
    expect(written).toEqual([]);
    reach(progress, 2_000, 200);
    reach(progress, 2_100, 250);
    reach(progress, 4_000, 500);
    progress.end();
    expect(written).toEqual([
      '\r\u001b[K200 of 1000 events replayed (20 %), 100/s, about 8 s left',
      '\r\u001b[K500 of 1000 events replayed (50 %), 125/s, about 4 s left',
      '\r\u001b[K',
    ]);
  });

  it('draws nothing of work that is done within two seconds, nor before anything is', () => {
    const progress = started(true);
    reach(progress, 1_999, 1_000);
    reach(progress, 5_000, 0);
    progress.end();
    expect(written).toEqual([]);
  });

  it('writes nothing into a pipe', () => {
    const progress = started(false);
    reach(progress, 5_000, 500);
    progress.end();
    expect(written).toEqual([]);
  });
});
