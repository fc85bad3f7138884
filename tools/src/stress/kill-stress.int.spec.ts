import { onSqlite } from './stress-backend';
import { expectNothingWrong } from './testing/stressed';

describe('a writer that is killed', () => {
  it('loses nothing that it acknowledged, repeats nothing, and restarts with the metrics of its log', async () => {
    await onSqlite((backend) => expectNothingWrong(1, backend));
  });
});
