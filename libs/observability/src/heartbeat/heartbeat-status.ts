import { Injectable } from '@nestjs/common';
import type { HeartbeatReport } from '../health/component-health';
import type { HeartbeatCounts } from '../metrics/catalogue/metrics-source';

/** The outcome of a heartbeat that was due. */
export type Beat =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'failed' | 'unproved' | 'withheld' | 'starting'; readonly reason: string };

@Injectable()
export class HeartbeatStatus {
  private readonly outcomes = { sent: 0, failed: 0, withheld: 0 };
  private lastSentAt: number | undefined;
  private last: Beat | undefined;

  /**
   * Takes in what became of one.
   *
   * @param now wall clock
   * @returns true when that is news: another outcome than the last time
   */
  add(beat: Beat, now: number): boolean {
    const isNews = beat.outcome !== this.last?.outcome;
    this.last = beat;
    if (beat.outcome !== 'starting' && beat.outcome !== 'unproved') this.outcomes[beat.outcome] += 1;
    if (beat.outcome === 'sent') this.lastSentAt = now;
    return isNews;
  }

  /** For `/health`. */
  report(): HeartbeatReport {
    const { last, lastSentAt } = this;
    if (last === undefined) return { state: 'starting', reason: 'none was due yet', lastSentAt };
    return last.outcome === 'sent'
      ? { state: 'sent', lastSentAt }
      : { state: last.outcome, reason: last.reason, lastSentAt };
  }

  /** For `/metrics`. */
  counts(): HeartbeatCounts {
    return { ...this.outcomes };
  }
}
