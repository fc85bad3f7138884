import {
  type ChainPoint,
  type VerifyReport,
  headOfPostgresLog,
  headOfSqliteLog,
  verifyPostgresLog,
  verifySqliteLog,
} from '@opensqt/event-log';
import {
  Progress,
  UsageError,
  aligned,
  parseArguments,
  print,
  runCommand,
  typed,
} from '@opensqt/configuration/command-line';
import { isDatabase } from '../open-log';

/** Parts of the log that the summary lists. */
const RANGES_SHOWN = 10;

const HELP = `Checks that an event log and its archive are what was written: pages, write-ahead log, archive segments,
positions without a hole, events, ids, checkpoints, snapshots, and the chain of hashes that no event fits which was changed, removed or put in. It changes nothing.
Exit status: 0 intact, 1 damaged.

Usage: ${typed('verify')} [options]
  --log LOG    the log (default: data/events.db); it may be in use by a running market maker. A file, or a
               database: postgres://user@host:port/database, whose pages and indexes are the server's to check
  --schema S   the database's schema (default: opensqt)
  --archive D  the folder of the log's archive, where it was moved
  --head       print only the last position and its hash, POSITION:HASH, to be kept elsewhere
  --against POSITION:HASH
               check also that this log, or copy, holds what it held when --head printed that
  --json       print the report as JSON
  --help       this text
`;

async function verify(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      log: { type: 'string', default: 'data/events.db' },
      schema: { type: 'string' },
      archive: { type: 'string' },
      head: { type: 'boolean', default: false },
      against: { type: 'string' },
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
  if (values.head) {
    const head = inDatabase ? headOfPostgresLog({ url: log, schema }) : headOfSqliteLog(log);
    const { position, hash } = await head;
    return print(values.json ? `${JSON.stringify({ position, hash })}\n` : `${position}:${hash}\n`);
  }
  const against = values.against === undefined ? undefined : chainPoint(values.against);
  let progress: Progress | undefined;
  const onProgress = (checked: number, total: number): void => {
    progress ??= new Progress('events checked', total);
    progress.reach(checked);
  };
  const report = await (inDatabase
    ? verifyPostgresLog({ url: log, schema, against, onProgress })
    : verifySqliteLog(log, { archivePath, against, onProgress }));
  progress?.end();
  await print(values.json ? `${JSON.stringify(report, null, 2)}\n` : summary(report));
  if (!report.ok) process.exitCode = 1;
}

/** Reads what `--head` printed. */
function chainPoint(text: string): ChainPoint {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (position !== undefined && hash !== undefined)
    return { position: Number(position), hash: hash.toLowerCase() };
  throw new UsageError('--against needs POSITION:HASH, as verify -- --head prints it.');
}

function summary({ log, ok, first: begin, position, checks, vouched }: VerifyReport): string {
  const rows = checks.map(({ check, looked, findings, found }) => [
    check,
    looked,
    findings.some(({ severity }) => severity === 'error') ? 'DAMAGED' : found > 0 ? 'see below' : 'ok',
  ]);
  const details = checks.flatMap(({ check, findings, found }) => [
    ...findings.map(({ severity, message }) => `${severity}: ${check}: ${message}`),
    ...(found > findings.length ? [`… and ${found - findings.length} more: ${check}`] : []),
  ]);
  const verdict = ok
    ? `${log} is intact: positions ${begin} to ${position}.${begin > 1 ? ` Those before were dropped by its retention.` : ''}`
    : `${log} is damaged. docs/operations.md, section "Event log", says what can be done.`;
  const ranges = vouched.slice(0, RANGES_SHOWN).map(({ first, last }) => `${first} to ${last}`);
  const more = vouched.length > RANGES_SHOWN ? ` and ${vouched.length - RANGES_SHOWN} more parts` : '';
  const chain = `The chain of hashes vouches for ${ranges.length === 0 ? 'no position' : `positions ${ranges.join(', ')}${more}`}.`;
  return `${[...aligned([['check', 'looked at', 'result'], ...rows]), '', ...details, chain, verdict].join('\n')}\n`;
}

void runCommand('verify', verify);
