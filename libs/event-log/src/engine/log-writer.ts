import type { TradingEvent } from '@opensqt/trading-events';
import type { Checkpoint, EventLogStatus } from '../event-log';
import type { Commit } from './log-store';

/** How a writer is doing. */
export type LogWriterStatus = Omit<EventLogStatus, 'position' | 'storage'>;

/** The part of a log that makes things durable. What the methods promise is what those of {@link EventLog} do. */
export interface LogWriter {
  /** @throws EventLogError what {@link EventLog.append} rejects with at once */
  append(events: readonly TradingEvent[], checkpoint?: Checkpoint): Promise<void>;
  status(): LogWriterStatus;
  flush(): Promise<void>;
  /** Flushes; what can't be written is given up, its appends reject. Nothing may be appended any more. */
  close(): Promise<void>;
}

/** Makes the writer of a log, which is told of each commit. */
export type LogWriterFactory = (onCommit: (commit: Commit) => void) => LogWriter;
