import type { EventLog } from '../../event-log';

/** The options of a log that the suite opens. */
export interface LogToOpen {
  readonly maxQueued?: number;
  readonly bot?: string;
  readonly writer?: string;
}

/** A backend, as the suite opens it. */
export interface EventLogBackend {
  /** A new, empty log; the suite closes it. */
  open(options?: LogToOpen): Promise<EventLog>;
  /** Closes the log and opens what it stored; absent where nothing is. */
  reopen?(log: EventLog, options?: LogToOpen): Promise<EventLog>;
  /** Opens the same log a second time; absent where one process has it to itself. */
  share?(log: EventLog, options: LogToOpen): Promise<EventLog>;
}
