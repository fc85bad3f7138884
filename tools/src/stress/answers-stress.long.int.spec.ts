import { answersStress } from './answers-stress';

describe('processes that share a log in PostgreSQL', () => {
  it('lose, repeat and reorder nothing, nor do their readers, while answers are lost and the server is killed', async () => {
    const report = await answersStress({ cuts: 10, crashes: 2, seed: '1' });
    expect(report).toMatchObject({
      cuts: 10,
      readers: 5,
      faults: { lost: 0, gaps: 0, repeats: 0, disorder: 0, seenTwice: 0, seenLate: 0, unseen: 0 },
    });
    expect(report.acknowledged).toBeGreaterThan(100);
    expect(report.events).toBe(report.acknowledged);
  });
});
