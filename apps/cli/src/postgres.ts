import { once } from 'node:events';
import { PostgresServer } from '@opensqt/event-log/testing';

/** `npm run -s postgres`: a server to try the log in a database on. Its folder goes when it ends. */
async function serve(): Promise<void> {
  const server = await PostgresServer.start();
  process.stdout.write(`${server.url}\n`);
  process.stderr.write(
    'A PostgreSQL server at that URL, with nothing in it, until Ctrl-C; then it and its data are removed.\n',
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.remove();
}

void serve();
