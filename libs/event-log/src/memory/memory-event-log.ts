import type { Clock } from '@opensqt/trading-events';
import { StoredEventLog } from '../engine/stored-event-log';
import { MemoryStore } from './memory-store';

export interface MemoryEventLogOptions {
  /** Wall clock that commits are stamped with. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How many records are kept; older ones are dropped. @default 1_000_000 */
  readonly maxRecords?: number | undefined;
  /** How many events may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
}

/**
 * A log that ends with the process. It keeps the newest records only: reading starts at the oldest that is left, and an
 * event is known to be a repeat only while the first one is kept.
 *
 * @example
 * const log = new MemoryEventLog();
 * await log.append([createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' })]);
 * log.status().position; // 1
 */
export class MemoryEventLog extends StoredEventLog {
  constructor({ clock, maxRecords = 1_000_000, maxQueued }: MemoryEventLogOptions = {}) {
    super(new MemoryStore(maxRecords), 0, { clock, maxQueued });
  }
}
