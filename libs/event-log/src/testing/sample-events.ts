import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import type { EventLog, LogRecord, ReadOptions } from '../event-log';

/** `count` events that differ, of one type. */
export function stops(count: number, name = 'SYM'): readonly AnyEvent[] {
  return Array.from({ length: count }, (_, i) =>
    createEvent('symbol.stopped', { symbol: `${name}${i + 1}`, reason: 'operator' }),
  );
}

/** The symbols of events made by {@link stops}, one of its own for each. */
export function symbolsOf(records: readonly LogRecord[]): readonly string[] {
  return records.map(({ event }) => (event.type === 'symbol.stopped' ? event.data.symbol : event.type));
}

export async function readAll(log: EventLog, options?: ReadOptions): Promise<readonly LogRecord[]> {
  const all: LogRecord[] = [];
  for await (const records of log.read(options)) all.push(...records);
  return all;
}

/** 1, 2, … `count`. */
export function positions(count: number, first = 1): readonly number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
