import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import type { AlertRule, AlertSettings } from '../rules/alert-rule';
import type { Channel } from './channel-route';
import type { Stage } from './stage';

/** The part of the options that decisions depend on. */
export interface PolicySettings extends AlertSettings {
  readonly flapping: {
    /** So many changes within the window make a condition flap. */
    readonly changes: number;
    readonly windowMs: number;
    /** It is stable once it was quiet for so long. */
    readonly stableForMs: number;
  };
  /** Market time that what remains of an incident is waited for before it is notified on its own. */
  readonly incidentGraceMs: number;
  /** IANA name: of the times in messages. */
  readonly timeZone: string;
}

/** What deciding needs besides the state. */
export interface PolicyContext {
  /** The bot whose alerts they are. */
  readonly bot: string;
  readonly rules: readonly AlertRule[];
  readonly settings: PolicySettings;
  /** The channels in use, the log first. */
  readonly channels: readonly Channel[];
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

/** What was decided; each event is folded into the state already. */
export interface Decision {
  readonly events: readonly AlertEvent[];
  readonly failures: readonly Failure[];
}
