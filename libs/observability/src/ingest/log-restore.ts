import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type EventLog, EventLogError, type LogRecord } from '@opensqt/event-log';
import {
  CommittedProjections,
  type Restored,
  SNAPSHOTS,
  type SnapshotSchedule,
} from '../projections/committed-projections';
import { LiveProjections } from '../projections/live-projections';
import { LiveStateStore } from '../projections/live-state-store';
import { InjectEventLog } from './event-log';

/** Injection token of the {@link SnapshotSchedule}; undefined where the log does not outlive the process. */
export const SNAPSHOT_SCHEDULE = Symbol('SNAPSHOT_SCHEDULE');

/** A log on a server that is away is asked again after so long. */
const RETRY_PAUSE_MS = 1_000;

/** The progress of the replay of the log into the live projections. */
export type ReplayStatus =
  | {
      readonly state: 'running';
      readonly position: number;
      /** The reason that it does not get on at the moment; it is tried again. */
      readonly problem?: string;
    }
  | { readonly state: 'done'; readonly events: number; readonly from: number }
  | { readonly state: 'failed'; readonly error: Error };

/** Callbacks with records of the log, in order. */
export interface LogRecords {
  /** Called with those at the log's end that were there before the start. */
  readonly onRestored: (record: LogRecord) => void;
  /** Called with each that is committed from then on. */
  readonly onCommitted: (record: LogRecord) => void;
}

/** Restores the projections from the log and from what an orderly stop kept, and leaves both to the next start. */
@Injectable()
export class LogRestore {
  private readonly logger = new Logger('Events');
  private readonly closing = new AbortController();
  private current: ReplayStatus = { state: 'running', position: 0 };

  constructor(
    @InjectEventLog() private readonly log: EventLog,
    private readonly committed: CommittedProjections,
    private readonly live: LiveProjections,
    private readonly store: LiveStateStore,
    @Inject(SNAPSHOT_SCHEDULE) private readonly schedule: SnapshotSchedule | undefined,
  ) {}

  get status(): ReplayStatus {
    return this.current;
  }

  /** Resolves when {@link status} is `done` or `failed`. Never throws. */
  async start(records: LogRecords): Promise<void> {
    try {
      // From now on a retention keeps what this bot has no snapshots of; a server that is away is waited for while it is read.
      if (this.schedule !== undefined && this.log.shared)
        void this.log.saveCheckpoint({ consumer: SNAPSHOTS, position: 0 }).catch(() => undefined);
      const restored = await this.untilRestored(records.onRestored);
      this.live.resume(this.committed, this.schedule === undefined ? [] : await this.store.claim());
      this.committed.subscribe(this.schedule, records.onCommitted);
      this.current = { state: 'done', events: restored.events, from: restored.from };
      await this.report(restored);
    } catch (error) {
      this.current = { state: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
      this.logger.error(
        `The event log could not be replayed, so /metrics stays at 503: ${this.current.error.message}`,
      );
    }
  }

  /** Ends trying. */
  abandon(): void {
    this.closing.abort();
  }

  /** Leaves snapshots and the live state to the next start, once nothing is emitted any more. */
  async keep(): Promise<void> {
    await this.committed.close();
    if (this.current.state !== 'done' || this.schedule === undefined) return;
    await this.store.keep(this.live.liveParts());
  }

  /** A server that is away comes back; a file that can't be read does not become readable. */
  private async untilRestored(onRecord: (record: LogRecord) => void): Promise<Restored> {
    for (let reported = false; ;) {
      const { first } = this.log.status();
      try {
        return await this.committed.restore({
          onProgress: (position) => (this.current = { state: 'running', position }),
          onRecord,
        });
      } catch (error) {
        if (!(error instanceof EventLogError) || this.closing.signal.aborted) throw error;
        if (error.code === 'LOG_DROPPED' && this.log.status().first > first) {
          await nextTurn();
          continue; // a retention was quicker: begin with what it kept
        }
        if (error.code !== 'LOG_UNREADABLE' || !this.log.shared) throw error;
        this.current = { state: 'running', position: 0, problem: error.message };
        if (!reported)
          this.logger.warn(`The event log cannot be replayed and is tried again: ${error.message}`);
        reported = true;
        await delay(RETRY_PAUSE_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  private async others(): Promise<string> {
    return (await this.log.bots()).filter((bot) => bot !== this.log.bot).join(', ');
  }

  private async report({ from, events, own, refusals }: Restored): Promise<void> {
    for (const refusal of refusals) this.logger.warn(refusal);
    if (from === 0 && events > 0 && own === 0)
      this.logger.warn(
        `None of the ${events} events of the log are of ${this.log.bot}, which begins with nothing. They are of ${await this.others()}.`,
      );
    else if (from > 0)
      this.logger.log(`Restored from the snapshot at position ${from} and ${events} events after it.`);
    else if (events > 0) this.logger.log(`Restored from all ${events} events of the log.`);
  }
}
