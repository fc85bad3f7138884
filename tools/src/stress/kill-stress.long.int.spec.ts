import { PostgresServer } from '@opensqt/event-log/testing';
import { inTemporaryFolder } from '../temporary-folder';
import { postgresBackend, sqliteBackend } from './stress-backend';
import { expectNothingWrong } from './testing/stressed';

describe('a writer that is killed again and again at random moments', () => {
  it('loses nothing that it acknowledged to a file, repeats nothing, and restarts with the metrics of its log', () =>
    inTemporaryFolder((folder) => expectNothingWrong(8, sqliteBackend(folder))));

  it('nor of what it acknowledged to PostgreSQL', async () => {
    const server = await PostgresServer.start();
    try {
      await expectNothingWrong(5, postgresBackend(server.url, 'stress'));
    } finally {
      await server.remove();
    }
  });
});
