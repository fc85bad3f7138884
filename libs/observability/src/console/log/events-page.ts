import type { EventLog, LogRecord } from '@opensqt/event-log';
import type { EpochMs, EventType } from '@opensqt/trading-events';
import type { EventsPage } from '../api/timeline';
import { recordView, symbolOf } from '../view/record-view';
import { backwards, positionAt } from '../../replay/log-reading';

/** Records that are looked at for one page: what a rare filter has not found by then is for the next one. */
const MAX_LOOKED_AT = 50_000;

/** The part of the log that is asked for. */
export interface EventsQuery {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
  readonly types?: readonly EventType[] | undefined;
  readonly symbol?: string | undefined;
  readonly bot?: string | undefined;
  /** An alert's id, or its beginning. */
  readonly alert?: string | undefined;
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

/** A page of the log, oldest first: the newest records, those before a position, or those after one. */
export async function eventsPage(log: EventLog, query: EventsQuery, end: number): Promise<EventsPage> {
  const first = query.from === undefined ? log.status().first : await positionAt(log, query.from, end);
  const last = query.to === undefined ? end : (await positionAt(log, query.to + 1, end)) - 1;
  const { after, limit } = query;
  if (after !== undefined) return newer(log, query, { first: Math.max(first, after + 1), last, end });
  const to = Math.min(last, (query.before ?? Infinity) - 1);
  const found: LogRecord[] = [];
  let reached = to + 1;
  for await (const window of backwards(log, { from: first, to, ...typesOf(query) })) {
    for (const record of window) {
      if (found.length >= limit) break;
      reached = record.position;
      if (matches(record, query)) found.push(record);
    }
    if (found.length >= limit || to - reached > MAX_LOOKED_AT) break;
  }
  const isThrough = found.length < limit && to - reached <= MAX_LOOKED_AT;
  const records = found.reverse().map(recordView);
  const newest = records.at(-1)?.position ?? to;
  return {
    head: end,
    records,
    older: isThrough || reached <= first ? null : reached,
    newer: newest < last ? newest : null,
  };
}

async function newer(
  log: EventLog,
  query: EventsQuery,
  { first, last, end }: { readonly first: number; readonly last: number; readonly end: number },
): Promise<EventsPage> {
  const found: LogRecord[] = [];
  const to = Math.min(last, first + MAX_LOOKED_AT);
  for await (const records of log.read({ from: first, to, ...typesOf(query) })) {
    found.push(...records.filter((record) => matches(record, query)).slice(0, query.limit - found.length));
    if (found.length >= query.limit) break;
  }
  const reached = found.length >= query.limit ? (found.at(-1)?.position ?? to) : to;
  const oldest = found[0]?.position ?? first;
  return {
    head: end,
    records: found.map(recordView),
    older: oldest > log.status().first ? oldest : null,
    newer: reached < last ? reached : null,
  };
}

function typesOf({ types }: EventsQuery): { types?: readonly EventType[] } {
  return types === undefined ? {} : { types };
}

function matches({ bot, event }: LogRecord, { bot: wanted, symbol, alert }: EventsQuery): boolean {
  if (wanted !== undefined && bot !== wanted) return false;
  if (symbol !== undefined && symbolOf(event) !== symbol) return false;
  if (alert === undefined) return true;
  return 'alertId' in event.data && event.data.alertId.startsWith(alert);
}
