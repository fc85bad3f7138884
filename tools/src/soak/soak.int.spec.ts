import { expectAllArrived } from './testing/soaked';

describe('alerts of a process that is killed, through providers that fail at random', () => {
  it('all arrive, in order, none twice without its mark, each explained, and no secret is shown', async () => {
    await expectAllArrived(1);
  });
});
