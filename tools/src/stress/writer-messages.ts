import type { EventLogOptions } from '@opensqt/observability/options';
import type { OpenOrder } from './load';

/** A writer has restored, and what it began with. */
export interface Restored {
  /** The log's position that the metrics belong to. */
  readonly position: number;
  /** The position of the snapshot that it began with; 0 when there was none. */
  readonly from: number;
  /** The reasons that snapshots were not used. */
  readonly refusals: readonly string[];
  /** `/metrics`. */
  readonly metrics: string;
}

/** The log has committed those events, from that position on. */
export interface Acknowledged {
  readonly position: number;
  readonly ids: readonly string[];
}

/** A report of a writer: first that it has restored, then each commit. */
export type WriterMessage = Restored | Acknowledged;

/** The task of a writer: its one argument, as JSON. */
export interface WriterTask {
  readonly eventLog: EventLogOptions;
  readonly seed: string;
  readonly run: number;
  /** Orders that earlier runs left open. */
  readonly left: readonly OpenOrder[];
}
