import { type EventLog, type LogRecord, type ReadOptions } from '@opensqt/event-log';
import { EVENT_TYPES } from '@opensqt/trading-events';
import { UsageError, oneOf, parseArguments, position, print, runCommand, time } from '@opensqt/configuration';
import { type EventFilter, passes } from './events/event-filter';
import { LOG_OPTIONS, LOG_OPTIONS_HELP, openLog } from './open-log';

const HELP = `Prints an event log as JSON lines, one event a line:
  position, id, type, version, source, occurredAt, causationId (where there is one), data

Usage: npm run -s events -- [options]
${LOG_OPTIONS_HELP}
  --from N     first position (default: 1)
  --to N       last position (default: the log's end)
  --type TYPE  only events of this type; may be given several times
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
  const log = await openLog(values);
  try {
    const wanted = ({ event }: LogRecord): boolean => passes(event, filter);
    if (values.follow) await follow(log, from, wanted);
    else for await (const records of log.read(range)) await print(asLines(records.filter(wanted)));
  } finally {
    await log.close();
  }
}

async function follow(log: EventLog, from: number, wanted: (record: LogRecord) => boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
    log.subscribe(from, (records) => print(asLines(records.filter(wanted))), { onError: reject });
  });
}

function asLines(records: readonly LogRecord[]): string {
  let lines = '';
  for (const { position: at, event } of records) {
    const { id, type, version, source, occurredAt, causationId, data } = event;
    lines += `${JSON.stringify({ position: at, id, type, version, source, occurredAt, causationId, data })}\n`;
  }
  return lines;
}

void runCommand('events', printEvents);
