import type { AlertLevel, NoticeKind } from '@opensqt/trading-events';

/*
 * The meaning of a scenario where alert-delivery.md leaves room.
 *
 * Time. A step happens at the time that the waits and downtimes before it have led to. What falls due within a `wait` happens at its own time,
 * in order; what fell due while a bot was down happens at the moment of its restart (that is also its `at`), in the order in which it was due.
 * A clock that is set forward makes all that it passed over happen at once, as a restart does.
 * The order of one moment: first levels rise (escalatesAfter), then silences begin and end and flapping alerts become stable, then digests that are due,
 * then alerts are looked at: ended ones first, in the order in which they ended; then the open ones, the worst first, of equal ones the one raised first;
 * each for the channels in the order of the scenario, `log` before them.
 *
 * Alerts. One is open per subject. A raise while it is open, at the same or a lower level, is a duplicate and changes nothing (also not when it escalates);
 * at a higher one the level rises. It becomes an ERROR at the time that the raise which opened it gave (unless it is one already). A one-off is never open,
 * never a duplicate, and no change of its condition. A resolve of what is not open means nothing.
 *
 * Kinds. The first that a channel hears of an alert is `raised`, whatever its level by then (`flapping` while it flaps); after that `escalated` when it knows
 * of a lower level; `acknowledged` (only where `acknowledgements`, and only what the channel was notified of and does not know to be that person's already: every message
 * about an acknowledged alert says whose it is); `repeated` so long after the last message about it to that channel; `resolved`.
 *
 * Log. Everything but what is not due yet: also repeats of acknowledged alerts, every acknowledgement by somebody else, single raises and resolves of what flaps
 * are those of the alert (see flapping). It gets no digest.
 *
 * Silence. From its start (inclusive) to its end (exclusive). It holds everything but `resolved`. When nothing silences an alert any more, it is looked at. A one-off that is silenced is over.
 *
 * unacknowledgedAfter. The channel is for CRITICAL alerts alone, that long after they became CRITICAL, if nobody has acknowledged by then; a silence or quiet
 * hours delay that only where they still go on. An acknowledged one is held without end. What the channel was notified of is repeated, acknowledged and resolved as elsewhere.
 *
 * Acknowledged. Not repeated; a first message or an escalation that was held by something else is still sent.
 *
 * Quiet hours. By the local clock, `from` inclusive, `to` exclusive; CRITICAL is the level of the alert by now. What was held, never notified, and resolved meanwhile, and
 * every one-off, is one line of a digest that is due when they end. Silenced alerts are no lines.
 *
 * Incident. `causedBy` joins the incident of the subject's open alert, or of its last ended one if that ended at most 15 min ago, provided that alert was not a one-off. Held while
 * another open alert of the incident, at the same or a higher level, is known to the channel: first messages and escalations below CRITICAL. For the grace period after such a one (known to the
 * channel, at the same or a higher level) ended, what was raised before that end is held, too.
 *
 * Flapping. A change is a raise that opens or a resolve that ends. From the change on that is the `changes`-th within less than `window`, until `stableFor` after the last change, the
 * condition flaps. While it does, the alert stays open: a resolve says only that the condition does not hold at the moment, a raise that it does again (and may raise the level). A channel that does
 * not know that it flaps is sent `flapping`, at the level of the alert, which also says the level. When it is stable and does not hold, it ends and is `resolved`; when it holds it just goes on as open.
 * Time down: the time that the subject was down within `window` before a raise that opens (or makes a flapping one hold again) is taken off `escalatesAfter`.
 * `log` is sent `flapping` as others are.
 *
 * Throttle. Below CRITICAL, except on `log`, and but for the end of what had a message of its own. Counts every message to the channel (digests and CRITICAL ones, too) within less than `groupWindow`. From the one that is too many on everything
 * waits for one digest, `groupWindow` after that one was held. What is in it then counts as notified by it; what was resolved meanwhile without having been notified is in it as well.
 * A digest has one entry per subject, with the worst level: the worst first, of equal ones the one that joined first; ten are named, the others counted. Its level is the worst of all.
 * At its time, what is silenced by then leaves it and what is in quiet hours waits for their end; with nothing in it there is none.
 * An alert whose level rises to CRITICAL leaves it and is notified at once.
 *
 * Order. When a channel is notified of a new alert of a subject where the resolve of the one before is still held, that resolve is dropped.
 */

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
  /** The clock is set: forward, or back. */
  | { readonly step: 'clock'; readonly ms: number }
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
  /** Of an acknowledgement: whose it is. */
  readonly by?: string;
  /** Of a digest: the subjects that it names, worst first, and how many more it counts. */
  readonly digest?: { readonly named: readonly Subject[]; readonly others: number };
}

/** The reason that a channel does not know yet what it should: a stage, by name. */
export interface Held {
  readonly bot: string;
  readonly channel: string;
  readonly subject: Subject;
  readonly reason: string;
  readonly until?: number;
}

/** Runs a scenario: what was sent, in order, and what is held at its end. */
export type Runner = (scenario: Scenario) => {
  readonly sent: readonly Sent[];
  readonly held: readonly Held[];
};
