import { MANY, neitherStallsNorRepeatsItself, sendsWhatTheReferenceDoes } from './testing/reconcile-property';

describe('the pipeline', () => {
  it('sends what the reference model does, in over a thousand scenarios', () => {
    sendsWhatTheReferenceDoes(MANY);
  });

  it('leaves nothing open without a hold when the clock is set back, in over a thousand scenarios', () => {
    neitherStallsNorRepeatsItself(MANY);
  });
});
