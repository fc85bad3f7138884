import type { Retention } from '../archive/retention';
import type { EventLogErrorCode, LogStorage, Snapshot } from '../../event-log';

/** What the writer thread is started with. */
export interface WriterThreadData {
  /** The log's file. */
  readonly path: string;
  readonly ring: SharedArrayBuffer;
  /** What is archived, and where to; undefined where nothing is. */
  readonly archive: { readonly retention: Retention; readonly folder: string } | undefined;
}

/** What the writer thread is told besides what comes through the ring. */
export type WriterRequest =
  | { readonly kind: 'texts'; readonly texts: string }
  | { readonly kind: 'snapshot'; readonly call: number; readonly snapshot: Snapshot }
  | { readonly kind: 'maintain'; readonly call: number }
  | { readonly kind: 'close' };

/** An error on its way between threads, which carry no classes. */
export interface WriterFailure {
  readonly code: EventLogErrorCode;
  readonly message: string;
}

/** What the writer thread tells. */
export type WriterReport =
  | { readonly kind: 'opened'; readonly position: number }
  | { readonly kind: 'unopened'; readonly failure: WriterFailure }
  /** The next `appends` appends are on disk. */
  | {
      readonly kind: 'committed';
      readonly appends: number;
      /** Last position of the log. */
      readonly position: number;
      /** Which of their events, counted from 0, the log held before. */
      readonly repeats: readonly number[];
      readonly committedAt: number;
      readonly tookMs: number;
    }
  /** A transaction was refused; it is tried again. `urgent`: the last request to write at once that was seen before. */
  | { readonly kind: 'failed'; readonly failure: WriterFailure; readonly urgent: number }
  | { readonly kind: 'room' }
  | { readonly kind: 'answered'; readonly call: number; readonly failure?: WriterFailure }
  | { readonly kind: 'maintained'; readonly call: number; readonly storage: LogStorage };
