import { Injectable } from '@nestjs/common';
import type { ExportReport } from '../health/component-health';
import type { Outcome } from './outcome';

@Injectable()
export class ExportStatus {
  private last: Outcome | undefined;
  private lastSentAt: number | undefined;
  private isOn = false;

  /** There is somewhere to export to. */
  begin(): void {
    this.isOn = true;
  }

  /**
   * Takes in what became of one.
   *
   * @param now wall clock
   * @returns true when that is news: another kind of outcome than the last one
   */
  add(outcome: Outcome, now: number): boolean {
    const isNews = outcome.kind !== this.last?.kind;
    this.last = outcome;
    if (outcome.kind !== 'failed') this.lastSentAt = now;
    return isNews;
  }

  /** For `/health`; undefined where nothing is exported. */
  report(): ExportReport | undefined {
    const { last, lastSentAt } = this;
    if (!this.isOn) return undefined;
    if (last === undefined) return { state: 'starting', lastSentAt };
    return last.kind === 'sent'
      ? { state: 'sent', lastSentAt }
      : { state: last.kind, reason: last.reason, lastSentAt };
  }
}
