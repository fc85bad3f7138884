import type { EventLogOptions } from '@opensqt/observability';
import type { OpenOrder } from './load';

/** What a writer tells its parent, a JSON line each, before it goes on: what was told survives its death. */
export type WriterMessage =
  | {
      readonly kind: 'restored';
      /** The log's position that the metrics belong to. */
      readonly position: number;
      /** The position of the snapshot that it began with; 0 when there was none. */
      readonly from: number;
      /** Why snapshots were passed over. */
      readonly refusals: readonly string[];
      /** `/metrics`. */
      readonly metrics: string;
    }
  | {
      readonly kind: 'acknowledged';
      readonly position: number;
      /** The ids of the events from that position on. */
      readonly ids: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** How a writer is started: the one argument, as JSON. */
export interface WriterTask {
  readonly eventLog: EventLogOptions;
  readonly seed: string;
  readonly run: number;
  /** Orders that earlier runs left open. */
  readonly left: readonly OpenOrder[];
}

/** The writer's end of the pipe. */
export const MESSAGE_FD = 3;
