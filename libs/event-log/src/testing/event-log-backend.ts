import type { EventLog } from '../event-log';

/** A backend, as the suite opens it. */
export interface EventLogBackend {
  /** A new, empty log; the suite closes it. */
  open(options?: { readonly maxQueued?: number }): Promise<EventLog>;
  /** Closes the log and opens what it stored; absent where nothing is. */
  reopen?(log: EventLog): Promise<EventLog>;
}
