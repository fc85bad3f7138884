import type { EpochMs, NoticeKind, SuppressionReason } from '@opensqt/trading-events';
import type { Alert, AlertsState, Notified } from '../../model/alerts.state';
import type { Channel } from '../channel-route';
import type { PolicySettings } from '../policy-settings';

/** The question to a stage: may this channel be sent this kind of message about this alert now? */
export interface Look {
  readonly state: Readonly<AlertsState>;
  readonly alert: Alert & { readonly levelSince?: EpochMs };
  readonly channel: Channel;
  readonly kind: NoticeKind;
  /** The channel's knowledge of the alert. */
  readonly notified: Notified | undefined;
  readonly now: EpochMs;
  readonly settings: PolicySettings;
}

/** A stage's answer: pass it on, exempt it from all stages but those that are `always` asked, or hold it. */
export type StageAnswer =
  'pass' | 'exempt' | { readonly reason: SuppressionReason; readonly until?: EpochMs };

/** One reason to hold a message: a function of the look alone. */
export interface Stage {
  readonly name: string;
  /** True: asked also for channels that are exempt. */
  readonly always?: true;
  judge(look: Look): StageAnswer;
}

/** The answer that holds until then; without a time it never changes by itself. */
export function hold(reason: SuppressionReason, until?: EpochMs): StageAnswer {
  return until === undefined ? { reason } : { reason, until };
}

/**
 * The end of something that began then and lasts so long. What began in the future was timed by a clock that has been set back since:
 * how long it has really lasted can't be known, so it ends now.
 */
export function endOf(since: EpochMs, lastsMs: number, now: EpochMs): EpochMs {
  return since > now ? now : since + lastsMs;
}
