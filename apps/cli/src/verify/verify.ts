import {
  type ChainPoint,
  type QuarantinedEvent,
  type VerifyReport,
  headOfPostgresLog,
  headOfSqliteLog,
  quarantinePostgresLog,
  quarantineSqliteLog,
  verifyPostgresLog,
  verifySqliteLog,
} from '@opensqt/event-log';
import { escapeControls } from '@opensqt/trading-events';
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
/** Events that were set aside that are listed. */
const EVENTS_SHOWN = 100;

const HELP = `Checks that an event log and its archive are what was written: pages, write-ahead log, archive segments,
positions without a hole, events, ids, checkpoints, snapshots, and the chain of hashes that no event fits which was changed, removed or put in. It changes nothing
but with --quarantine. Exit status: 0 intact, 1 damaged.

Usage: ${typed('verify')} [options]
  --log LOG    the log (default: data/events.db); it may be in use by a running market maker. A file, or a
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
      log: { type: 'string', default: 'data/events.db' },
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
  if (quarantined !== undefined && !values.json) await print(listOf(quarantined));
  const report = await withProgress('events checked', (onProgress) =>
    inDatabase
      ? verifyPostgresLog({ url: log, schema, against, onProgress })
      : verifySqliteLog(log, { archivePath, against, onProgress }),
  );
  await print(
    values.json
      ? `${JSON.stringify({ ...report, ...(quarantined && { quarantined }) }, null, 2)}\n`
      : summary(report),
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

/** The events that were set aside now, and what follows from that. */
function listOf(quarantined: readonly QuarantinedEvent[]): string {
  const { length } = quarantined;
  if (length === 0) return 'Every event can be read: nothing was set aside.\n\n';
  const lost = quarantined
    .slice(0, EVENTS_SHOWN)
    .map(({ position, eventType, reason }) =>
      escapeControls(`position ${position}: ${eventType}: ${reason}`),
    );
  return `${[
    `${length} ${length === 1 ? 'event was' : 'events were'} set aside. Lost to metrics, positions and alerts:`,
    ...lost,
    ...(length > EVENTS_SHOWN ? [`… and ${length - EVENTS_SHOWN} more`] : []),
    `Compare positions and open orders with the venue before you start. ${typed('events')} --type event.quarantined prints what is left of these events.`,
  ].join('\n')}\n\n`;
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
  const unread = checks.some(({ check, findings }) => check === 'events' && findings.length > 0);
  const details = checks.flatMap(({ check, findings, found }) => [
    ...findings.map(({ severity, message }) => escapeControls(`${severity}: ${check}: ${message}`)),
    ...(found > findings.length ? [`… and ${found - findings.length} more: ${check}`] : []),
  ]);
  const aside = checks.find(({ check }) => check === 'quarantine')?.found ?? 0;
  const verdict = ok
    ? `${log} ${aside > 0 ? 'can be read' : 'is intact'}: positions ${begin} to ${position}${aside > 0 ? `, ${aside} of them set aside` : ''}.${begin > 1 ? ' Those before were dropped by its retention.' : ''}`
    : `${log} is damaged. docs/operations.md, section "Event log", says what can be done.`;
  const remedy = unread
    ? [
        `A market maker stops at an event that can't be read. Restore a backup that has it; without one, stop the market maker and set it aside: ${typed('verify')} --quarantine`,
      ]
    : [];
  const ranges = vouched.slice(0, RANGES_SHOWN).map(({ first, last }) => `${first} to ${last}`);
  const more = vouched.length > RANGES_SHOWN ? ` and ${vouched.length - RANGES_SHOWN} more parts` : '';
  const chain = `The chain of hashes vouches for ${ranges.length === 0 ? 'no position' : `positions ${ranges.join(', ')}${more}`}.`;
  return `${[...aligned([['check', 'looked at', 'result'], ...rows]), '', ...details, chain, ...remedy, verdict].join('\n')}\n`;
}

void runCommand('verify', verify);
