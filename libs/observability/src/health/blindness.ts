import type { EventLogStatus } from '@opensqt/event-log';
import type { ReplayStatus } from '../ingest/log-restore';

/** The reason that what the state says is not what is true now. */
export interface Blindness {
  /** In a title: `replaying the log, 62 %`. */
  readonly headline: string;
  /** A sentence. */
  readonly reason: string;
}

/** Undefined where the state is that of now: the log has been replayed, and takes records. */
export function blindnessOf(replay: ReplayStatus, log: EventLogStatus): Blindness | undefined {
  switch (replay.state) {
    case 'running': {
      if (replay.problem !== undefined)
        return { headline: 'the log cannot be replayed', reason: `${replay.problem} It is tried again.` };
      const position = Math.min(replay.position, log.position);
      const percent = log.position === 0 ? 0 : Math.floor((100 * position) / log.position);
      return {
        headline: `replaying the log, ${percent} %`,
        reason: `Position ${position} of ${log.position}.`,
      };
    }
    case 'failed':
      return { headline: 'the log cannot be replayed', reason: replay.error.message };
    case 'done':
      return log.failure && { headline: 'the log is not written', reason: log.failure.message };
  }
}
