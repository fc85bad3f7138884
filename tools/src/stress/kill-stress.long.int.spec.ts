import { onPostgres, onSqlite } from './stress-backend';
import { expectNothingWrong } from './testing/stressed';

describe('a writer that is killed again and again at random moments', () => {
  it('loses nothing that it acknowledged to a file, repeats nothing, and restarts with the metrics of its log', () =>
    onSqlite((backend) => expectNothingWrong(8, backend)));

  it('nor of what it acknowledged to PostgreSQL', () =>
    onPostgres((backend) => expectNothingWrong(5, backend)));
});
