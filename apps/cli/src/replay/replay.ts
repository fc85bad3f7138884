import type { EventLog } from '@opensqt/event-log';
import { type Difference, metricsProjection, metricsText, Rebuild } from '@opensqt/observability/replay';
import {
  UsageError,
  parseArguments,
  position,
  print,
  remark,
  runCommand,
  typed,
  table,
} from '@opensqt/configuration/command-line';
import { LOG_OPTIONS, LOG_OPTIONS_HELP, ONE_BOT_HELP, openLogOfBot } from '../open-log';
import { compareWithLive } from './compare-with-live';
import { compareWithProjection } from './compare-with-projection';
import { compareWithSnapshots } from './compare-with-snapshots';
import { replayProgress } from '../log-progress';

const HELP = `Rebuilds the projections from an event log, ignoring snapshots unless --to is given, and prints the metrics as /metrics would,
or compares them with another state. What differs is shown in a table, and the exit status is 1.

Usage: ${typed('replay')} [options]
${LOG_OPTIONS_HELP}
${ONE_BOT_HELP}
  --to N             the state at position N (default: the log's end), rebuilt from the nearest snapshot before it, if there is one of that
                     name and version: one per event_log.snapshot_history positions is kept
  --compare URL      compare with a running process: URL is its /metrics
  --url URL          the same, where URL is the process's own: http://127.0.0.1:3000
  --snapshots        compare with what a restart begins with: the stored snapshots and the events after them
  --projection FILE  fold the log with the projection that the module FILE exports; compare with ours of the same name,
                     or print its state as JSON when there is none
  --help             this text

Series that logged events alone don't determine (exchange latency, unrealized PnL, event age, the process's own) are not
compared: live events are never stored.
`;

async function replay(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      ...LOG_OPTIONS,
      to: { type: 'string' },
      compare: { type: 'string' },
      url: { type: 'string' },
      snapshots: { type: 'boolean', default: false },
      projection: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const to = position('to', values.to);
  const { url, snapshots, projection } = values;
  const compare = values.compare ?? (url && `${url.replace(/\/$/, '')}/metrics`);
  const modes = [compare, snapshots || undefined, projection].filter((mode) => mode !== undefined);
  if (modes.length > 1) throw new UsageError('Give one of --compare, --snapshots and --projection.');
  if (to !== undefined && (compare !== undefined || snapshots)) {
    throw new UsageError(
      '--to goes with neither --compare nor --snapshots: they end where the other side does.',
    );
  }
  const log = await openLogOfBot(values);
  try {
    const { first, position: end } = log.status();
    if (first > 1 && to !== undefined && to < first)
      throw new UsageError(`The log begins at position ${first}: older events have been dropped from it.`);
    const last = Math.min(to ?? end, end);
    if (compare !== undefined) await printLive(log, compare);
    else if (snapshots) await printSnapshots(log);
    else if (projection !== undefined) await printProjection(log, projection, last, to !== undefined);
    else await printMetrics(log, last, to !== undefined);
  } finally {
    await log.close();
  }
}

async function printMetrics(log: EventLog, last: number, fromSnapshot: boolean): Promise<void> {
  const rebuild = new Rebuild(log, metricsProjection, replayProgress);
  const refusals = fromSnapshot ? await rebuild.beginNear(last) : await rebuild.begin(last);
  for (const refusal of refusals) remark(refusal);
  await rebuild.advance(last);
  await print(await metricsText(rebuild.state, log, last, rebuild.now));
}

async function printLive(log: EventLog, url: string): Promise<void> {
  const { compared, position: at, differences } = await compareWithLive(log, url);
  if (differences.length === 0) return print(`Equal: ${compared} series at position ${at}.\n`);
  await printDifferences(
    `${differences.length} of ${compared} series differ at position ${at}.`,
    differences,
    'live',
  );
}

async function printSnapshots(log: EventLog): Promise<void> {
  const { restored, projections } = await compareWithSnapshots(log);
  for (const refusal of restored.refusals) await print(`${refusal}\n`);
  const { from, events, position: at } = restored;
  await print(from === 0 ? 'No snapshot is used: ' : `From the snapshot at position ${from}: `);
  await print(`${events} events read, up to position ${at}.\n`);
  for (const { name, differences } of projections) {
    if (differences.length === 0) await print(`${name}: equal\n`);
    else await printDifferences(`${name}: ${differences.length} differ`, differences, 'from snapshots');
  }
}

async function printProjection(
  log: EventLog,
  file: string,
  last: number,
  fromSnapshot: boolean,
): Promise<void> {
  const compared = await compareWithProjection(log, file, last, fromSnapshot);
  const { projection, version, state, own, refusals } = compared;
  for (const refusal of refusals) remark(refusal);
  if (own === undefined) return print(`${state}\n`);
  const what = `${projection}: version ${version} of ${file} and our version ${own.version}`;
  if (own.differences.length === 0) return print(`${what} are equal at position ${last}.\n`);
  await printDifferences(`${what} differ in ${own.differences.length} values.`, own.differences, 'theirs');
}

async function printDifferences(title: string, found: readonly Difference[], other: string): Promise<void> {
  const rows = found.map(({ name, expected = '–', found: value = '–' }) => [name, expected, value]);
  await print(`${title}\n\n${table(['what', 'replayed', other], rows)}\n`);
  process.exitCode = 1;
}

void runCommand('replay', replay);
