import type { AlertLevel, NoticeKind } from '@opensqt/trading-events';

/**
 * The language of the property test: what happens to a bot's alerts, and the messages that a channel is sent because of it. Both the pipeline and
 * the reference model run the same scenario, and share nothing but these types. Times are milliseconds; a scenario begins at `startAt`.
 */
export interface Scenario {
  readonly startAt: number;
  readonly settings: ScenarioSettings;
  readonly channels: readonly ScenarioChannel[];
  readonly steps: readonly Step[];
}

/** The part of the options that decisions depend on. */
export interface ScenarioSettings {
  readonly repeatInterval: number;
  readonly burst: number;
  readonly groupWindow: number;
  readonly flapping: { readonly changes: number; readonly window: number; readonly stableFor: number };
  /** Market time that what remains of an incident is waited for before it is notified on its own. */
  readonly incidentGrace: number;
}

/** One channel and its route. The channel `log` is always there besides. */
export interface ScenarioChannel {
  readonly name: string;
  readonly minLevel: AlertLevel;
  /** Matchers as the configuration writes them: `symbol=BTCUSDT`, `condition!=x`, `symbol=~BTC.*`. */
  readonly match: readonly string[];
  readonly quietHours?: { readonly from: string; readonly to: string; readonly timeZone: string };
  readonly unacknowledgedAfter?: number;
  /** True: somebody's acknowledgement is notified here, too. */
  readonly acknowledgements: boolean;
}

/** The subject of an alert: one open alert per bot and subject. */
export interface Subject {
  readonly condition: string;
  readonly symbol: string;
}

/** Something that happens, to one bot where it names one; time passes only by `wait`. Every step of one bot leaves the others alone. */
export type Step =
  | {
      readonly step: 'raise';
      readonly bot: string;
      readonly subject: Subject;
      readonly level: AlertLevel;
      /** Notified and never open. */
      readonly oneOff?: true;
      /** It becomes an ERROR after so long unless it is resolved before. */
      readonly escalatesAfter?: number;
      /** The subject whose open (or last ended) alert's event led to this one: both are one incident. */
      readonly causedBy?: Subject;
    }
  | { readonly step: 'resolve'; readonly bot: string; readonly subject: Subject }
  | { readonly step: 'acknowledge'; readonly bot: string; readonly subject: Subject; readonly by: string }
  | {
      readonly step: 'silence';
      readonly bot: string;
      readonly matchers: readonly string[];
      /** From now. */
      readonly startsIn: number;
      readonly lasts: number;
    }
  /** Ends the n-th silence that was created for that bot, if it still is one. */
  | { readonly step: 'end_silence'; readonly bot: string; readonly index: number }
  | { readonly step: 'wait'; readonly ms: number }
  /** The process ends and another one goes on from what was recorded; what fell due meanwhile is decided then. */
  | { readonly step: 'restart'; readonly bot: string; readonly downFor: number };

/** A message that a channel was sent. Order within one bot and channel is the order of sending. */
export interface Sent {
  readonly bot: string;
  readonly channel: string;
  readonly at: number;
  readonly kind: NoticeKind | 'flapping';
  /** Absent for a digest. */
  readonly subject?: Subject;
  readonly level: AlertLevel;
  /** Of a digest: the subjects that it names, worst first, and how many more it counts. */
  readonly digest?: { readonly named: readonly Subject[]; readonly others: number };
}

/** Why a channel does not know yet what it should: a stage, by name. */
export interface Held {
  readonly bot: string;
  readonly channel: string;
  readonly subject: Subject;
  readonly reason: string;
  readonly until?: number;
}

/** Runs a scenario: what was sent, in order, and what is held at its end. */
export type Runner = (scenario: Scenario) => { readonly sent: readonly Sent[]; readonly held: readonly Held[] };
