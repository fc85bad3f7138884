import { describeSoak, expectAllArrived } from './testing/soaked';

describeSoak('alerts of a process that is killed, through receivers that fail at random', () => {
  it('all arrive or are told elsewhere, in order, none twice without its mark, each explained, and no secret is shown', async () => {
    await expectAllArrived(1);
  });
});
