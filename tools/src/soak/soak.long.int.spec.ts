import { expectAllArrived } from './testing/soaked';

describe('alerts of a process that is killed at random moments, through providers that fail at random', () => {
  it('all arrive, in order, none twice without its mark, each explained, and no secret is shown', async () => {
    const report = await expectAllArrived(6);
    expect(report.attempts).toBeGreaterThan(report.messages);
  });
});
