import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import type { AlertRule } from '../rules/alert-rule';
import type { Channel } from './channel-route';
import type { PolicySettings } from './policy-settings';
import type { Stage } from './stages/stage';

/** The inputs of decisions besides state and time: the same for every decision of a process. */
export interface AlertPolicy {
  /** The bot whose alerts they are. */
  readonly bot: string;
  readonly rules: readonly AlertRule[];
  readonly settings: PolicySettings;
  /** The channels in use, the log first. */
  readonly channels: readonly Channel[];
}

/** The input of decisions besides the state. */
export interface PolicyContext extends AlertPolicy {
  /** The time that is decided for. */
  readonly now: EpochMs;
  /** Wall clock, which deliveries are timed by. */
  readonly wallNow: EpochMs;
  /** @default the pipeline's */
  readonly stages?: readonly Stage[];
}

/** A part that threw: it was passed over. */
export interface Failure {
  /** A rule's condition, or a stage by name. */
  readonly part: string;
  readonly error: unknown;
}

/** The decided events, each folded into the state already. */
export interface Decision {
  readonly events: readonly AlertEvent[];
  readonly failures: readonly Failure[];
}
