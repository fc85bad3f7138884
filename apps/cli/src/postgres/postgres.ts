import { once } from 'node:events';
import { parseArguments, print, runCommand } from '@opensqt/configuration/command-line';
import { PostgresServer } from '@opensqt/event-log/testing';

const HELP = `Starts a PostgreSQL server to try a shared log on, and prints its URL. It and its data are removed with Ctrl-C.

Usage: npm run -s postgres
  --help  this text
`;

async function serve(args: string[]): Promise<void> {
  const { values } = parseArguments({ args, options: { help: { type: 'boolean', default: false } } });
  if (values.help) return print(HELP);
  const server = await PostgresServer.start();
  await print(`${server.url}\n`);
  process.stderr.write(
    'A PostgreSQL server at that URL, with nothing in it, until Ctrl-C; then it and its data are removed.\n',
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.remove();
}

void runCommand('postgres', serve);
