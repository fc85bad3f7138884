import { type VerifyReport, verifySqliteLog } from '@opensqt/event-log';
import { Progress, UsageError, parseArguments, print, runCommand } from '@opensqt/configuration';
import { isDatabase } from './open-log';

const HELP = `Checks that an event log and its archive are what was written: pages, write-ahead log, archive segments,
positions without a hole, events, ids, checkpoints, snapshots, commits. It changes nothing. Exit status: 0 intact, 1 damaged.

Usage: npm run -s verify -- [options]
  --log FILE   the log (default: data/events.db); it may be in use by a running market maker
  --archive D  the folder of the log's archive, where it was moved
  --json       print the report as JSON
  --help       this text
`;

async function verify(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      log: { type: 'string', default: 'data/events.db' },
      archive: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  if (isDatabase(values.log)) {
    throw new UsageError(
      'verify checks files. A PostgreSQL server checks its own: see pg_amcheck and data checksums in its manual.',
    );
  }
  let progress: Progress | undefined;
  let before = 0;
  const report = await verifySqliteLog(values.log, {
    archivePath: values.archive,
    onProgress: (checked, total) => {
      progress ??= new Progress('events checked', total);
      progress.advance(checked - before);
      before = checked;
    },
  });
  progress?.end();
  await print(values.json ? `${JSON.stringify(report, null, 2)}\n` : summary(report));
  if (!report.ok) process.exitCode = 1;
}

function summary({ log, ok, position, checks }: VerifyReport): string {
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
    ? `${log} is intact: positions 1 to ${position}.`
    : `${log} is damaged. docs/operations.md, section "Event log", says what can be done.`;
  return `${[...aligned([['check', 'looked at', 'result'], ...rows]), '', ...details, verdict].join('\n')}\n`;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

void runCommand('verify', verify);
