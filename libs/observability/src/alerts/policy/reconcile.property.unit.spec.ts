import { FEW, neitherStallsNorRepeatsItself, sendsWhatTheReferenceDoes } from './testing/reconcile-property';

describe('the pipeline', () => {
  it('sends what the reference model does, in any scenario', () => {
    sendsWhatTheReferenceDoes(FEW);
  });

  it('leaves nothing open without a hold when the clock is set back', () => {
    neitherStallsNorRepeatsItself({ ...FEW, numRuns: 100 });
  });
});
