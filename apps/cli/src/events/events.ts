import { type EventLog, type LogRecord, type ReadOptions } from '@opensqt/event-log';
import { EVENT_TYPES } from '@opensqt/trading-events';
import {
  UsageError,
  oneOf,
  parseArguments,
  position,
  print,
  remark,
  runCommand,
  typed,
  time,
} from '@opensqt/configuration/command-line';
import { type EventFilter, passes } from './event-filter';
import { withProgress } from '../log-progress';
import { LOG_OPTIONS, LOG_OPTIONS_HELP, assertKnown, openLog } from '../open-log';

const HELP = `Prints an event log as JSON lines, one event a line:
  position, bot (where several are on the log), id, type, version, source, occurredAt, causationId (where there is one), data

Usage: ${typed('events')} [options]
${LOG_OPTIONS_HELP}
  --from N     first position (default: that of the log)
  --to N       last position (default: the log's end)
  --type TYPE  only events of this type; may be given several times
  --bot NAME   only events of this bot; may be given several times
  --symbol S   only events of this symbol, among them limits and breakers of its scope and alerts about it; may be given
               several times
  --since T    only events that occurred at this time or later: ISO 8601 (2026-01-31, 2026-01-31T12:00:00Z; UTC unless it
               says otherwise) or epoch milliseconds. It is the market's time where the market is simulated
  --until T    only events that occurred before this time
  --follow     go on with what is recorded from now on, until Ctrl-C
  --help       this text

Types: ${EVENT_TYPES.join(', ')}
`;

async function printEvents(args: string[]): Promise<void> {
  const { values } = parseArguments({
    args,
    options: {
      ...LOG_OPTIONS,
      from: { type: 'string' },
      to: { type: 'string' },
      type: { type: 'string', multiple: true },
      bot: { type: 'string', multiple: true },
      symbol: { type: 'string', multiple: true },
      since: { type: 'string' },
      until: { type: 'string' },
      follow: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const from = position('from', values.from) ?? 1;
  const to = position('to', values.to);
  const types = values.type?.map((type) => oneOf('event type', type, EVENT_TYPES));
  if (values.follow && to !== undefined) throw new UsageError('--follow has no end: leave out --to.');

  const filter: EventFilter = {
    types,
    symbols: values.symbol,
    since: time('since', values.since),
    until: time('until', values.until),
  };
  const range: ReadOptions = { from, ...(to !== undefined && { to }), ...(types && { types }) };
  const { bot: bots, ...named } = values;
  const log = await openLog(named);
  try {
    for (const bot of bots ?? []) await assertKnown(bot, log);
    const { first } = log.status();
    if (from < first) remark(`The log begins at position ${first}: older events have been dropped from it.`);
    const wanted = ({ bot, event }: LogRecord): boolean =>
      bots?.includes(bot) !== false && passes(event, filter);
    const show = async (records: readonly LogRecord[]): Promise<void> =>
      print(asLines(records.filter(wanted), (await log.bots()).length > 1));
    if (values.follow) await follow(log, from, show);
    else {
      const records = log.read(range);
      const last = Math.min(to ?? Infinity, log.status().position);
      // Lines on the same terminal show themselves how far they are.
      const read = process.stdout.isTTY ? records : withProgress(records, { from, to: last });
      for await (const some of read) await show(some);
    }
  } finally {
    await log.close();
  }
}

async function follow(
  log: EventLog,
  from: number,
  show: (records: readonly LogRecord[]) => Promise<void>,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
    log.subscribe(from, show, { onError: reject });
  });
}

function asLines(records: readonly LogRecord[], withBot: boolean): string {
  let lines = '';
  for (const { position: at, bot, event } of records) {
    const { id, type, version, source, occurredAt, causationId, data } = event;
    const whose = { position: at, ...(withBot && { bot }) };
    lines += `${JSON.stringify({ ...whose, id, type, version, source, occurredAt, causationId, data })}\n`;
  }
  return lines;
}

void runCommand('events', printEvents);
