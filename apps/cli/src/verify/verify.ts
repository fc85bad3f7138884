import {
  type ChainPoint,
  headOfPostgresLog,
  headOfSqliteLog,
  quarantinePostgresLog,
  quarantineSqliteLog,
  verifyPostgresLog,
  verifySqliteLog,
} from '@opensqt/event-log';
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
import { quarantineLines, reportLines } from './verify-lines';

const HELP = `Checks that an event log and its archive are what was written: pages, write-ahead log, archive segments,
positions without a hole, events, ids, checkpoints, snapshots, and the chain of hashes that no event fits which was changed, removed or put in. It changes nothing
but with --quarantine. Exit status: 0 intact, 1 damaged.

Usage: ${typed('verify')} [options]
  --log LOG    the log (default: ${DEFAULT_LOG}); it may be in use by a running market maker. A file, or a
               database: postgres://user@host:port/database, whose pages and indexes are the server's to check
  --schema S   the database's schema (default: opensqt)
  --archive D  the folder of the log's archive, where it was moved
  --head       print only the last position and its hash, POSITION:HASH, to be kept elsewhere
  --against POSITION:HASH
               check also that this log, or copy, holds what it held when --head printed that
  --quarantine first set aside each event that can't be read, while no market maker runs: its row is kept in the log's
               table quarantine, event.quarantined takes its position, and the hashes stay. Look at what verify lists
               before; a backup that has the events is better
  --json       print the report as JSON
  --help       this text
`;

async function verify(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      log: { type: 'string', default: DEFAULT_LOG },
      schema: { type: 'string' },
      archive: { type: 'string' },
      head: { type: 'boolean', default: false },
      against: { type: 'string' },
      quarantine: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const { log, schema, archive: archivePath } = values;
  const inDatabase = isDatabase(log);
  if (inDatabase && archivePath !== undefined)
    throw new UsageError('--archive is for a log in a file: one in a database has none.');
  if (!inDatabase && schema !== undefined)
    throw new UsageError('--schema is for a log in a database: a file has none.');
  if (values.quarantine && values.head) throw new UsageError('Give --quarantine or --head, not both.');
  if (values.head) {
    const head = inDatabase ? headOfPostgresLog({ url: log, schema }) : headOfSqliteLog(log);
    const { position, hash } = await head;
    return print(values.json ? `${JSON.stringify({ position, hash })}\n` : `${position}:${hash}\n`);
  }
  const against = values.against === undefined ? undefined : chainPoint(values.against);
  const quarantined = values.quarantine
    ? await withProgress('events looked at', (onProgress) =>
        inDatabase
          ? quarantinePostgresLog({ url: log, schema, onProgress })
          : quarantineSqliteLog(log, { archivePath, onProgress }),
      )
    : undefined;
  if (quarantined !== undefined && !values.json) await print(quarantineLines(quarantined));
  const report = await withProgress('events checked', (onProgress) =>
    inDatabase
      ? verifyPostgresLog({ url: log, schema, against, onProgress })
      : verifySqliteLog(log, { archivePath, against, onProgress }),
  );
  await print(
    values.json
      ? `${JSON.stringify({ ...report, ...(quarantined && { quarantined }) }, null, 2)}\n`
      : reportLines(report),
  );
  if (!report.ok) process.exitCode = 1;
}

type OnProgress = (done: number, total: number) => void;

async function withProgress<Result>(
  what: string,
  work: (onProgress: OnProgress) => Promise<Result>,
): Promise<Result> {
  let progress: Progress | undefined;
  try {
    return await work((done, total) => {
      progress ??= new Progress(what, total);
      progress.reach(done);
    });
  } finally {
    progress?.end();
  }
}

/** Reads what `--head` printed. */
function chainPoint(text: string): ChainPoint {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (position !== undefined && hash !== undefined)
    return { position: Number(position), hash: hash.toLowerCase() };
  throw new UsageError('--against needs POSITION:HASH, as verify -- --head prints it.');
}

void runCommand('verify', verify);
