import { onPostgres, onSqlite } from './stress-backend';
import { expectNothingWrong } from './testing/stressed';

describe('a writer that is killed again and again at random moments', () => {
  it('loses nothing that it acknowledged to a file, repeats nothing, and restarts with the metrics of its log', async () => {
    const { retiredThrough } = await onSqlite((backend) => expectNothingWrong(8, backend));
    expect(retiredThrough).toBeGreaterThan(0);
  });

  it('nor of what it acknowledged to PostgreSQL', async () => {
    const { retiredThrough } = await onPostgres((backend) => expectNothingWrong(5, backend));
    expect(retiredThrough).toBeGreaterThan(0);
  });
});
