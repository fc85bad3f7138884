import { backupSqliteLog, headOfSqliteLog } from '@opensqt/event-log';
import {
  DEFAULT_LOG,
  Progress,
  UsageError,
  parseArguments,
  print,
  runCommand,
  typed,
} from '@opensqt/configuration/command-line';
import { isDatabase } from '../open-log';

const HELP = `Copies an event log and its archive as they are at one moment, while a market maker may write to it, and checks the copy. The
archive, if there is one, goes to FILE.archive. Nothing is overwritten. To restore, put both back under the log's name and delete
its -wal and -shm while nothing runs.

Usage: ${typed('backup')} --to FILE [options]
  --to FILE    the copy; its folder is made if it is not there
  --log FILE   the log (default: ${DEFAULT_LOG})
  --archive D  the folder of the log's archive, where it was moved
  --help       this text
`;

async function backup(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      to: { type: 'string' },
      log: { type: 'string', default: DEFAULT_LOG },
      archive: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  if (values.to === undefined) throw new UsageError(`Name the copy: ${typed('backup')} --to FILE.`);
  if (isDatabase(values.log))
    throw new UsageError('backup copies files. Use pg_dump for a log in PostgreSQL.');
  let progress: { readonly what: string; readonly bar: Progress } | undefined;
  const { position } = await backupSqliteLog(values.log, values.to, {
    archivePath: values.archive,
    onProgress: (what, done, total) => {
      if (progress?.what !== what) {
        progress?.bar.end();
        progress = { what, bar: new Progress(what === 'pages' ? 'pages copied' : 'events checked', total) };
      }
      progress.bar.reach(done);
    },
  });
  progress?.bar.end();
  const head = headOfSqliteLog(values.to);
  await print(
    `${values.to} holds positions 1 to ${position} and is intact. Its chain ends at ${head.position}:${head.hash}\n`,
  );
}

void runCommand('backup', backup);
