import type { AlertLevel } from '@opensqt/trading-events';
import type { ScenarioChannel, ScenarioSettings, Sent, Subject } from './scenario';

/** Anything that happened: when, and after what (several things may happen within one millisecond). */
export interface Happened {
  readonly at: number;
  readonly order: number;
}

/** One life of an alert, from its raise to its resolve, with all that was stated about it meanwhile. */
export interface Alert {
  /** Grows with each raise: the smaller, the older. */
  readonly id: number;
  readonly subject: Subject;
  readonly raised: Happened;
  readonly oneOff: boolean;
  readonly escalatesAfter: number | undefined;
  /** The first alert of its incident: its own `id` where it began one. */
  readonly incident: number;
  readonly levels: (Happened & { readonly level: AlertLevel })[];
  readonly acknowledgements: (Happened & { readonly by: string; readonly level: AlertLevel })[];
  resolved?: Happened;
}

export interface Silence {
  readonly matchers: readonly string[];
  readonly startsAt: number;
  endsAt: number;
}

/** The part of a message that is about one alert. */
export interface Statement {
  readonly alert: Alert;
  readonly level: AlertLevel;
  readonly over: boolean;
  /** One line of a digest about what came and went. */
  readonly line: boolean;
  readonly flapping: boolean;
}

export interface Message extends Happened {
  readonly channel: string;
  readonly sent: Sent;
  readonly statements: readonly Statement[];
}

/** The stages that hold a notification. */
export type Reason =
  'silence' | 'match' | 'min_level' | 'acknowledged' | 'quiet_hours' | 'incident' | 'flapping' | 'throttle';

/** All that happened to one bot. Lists only grow; everything else is derived from them whenever it is asked for. */
export class History {
  readonly alerts: Alert[] = [];
  readonly silences: Silence[] = [];
  readonly messages: Message[] = [];
  /** Alerts that the throttle of a channel put aside for a digest. */
  readonly throttled: (Happened & { readonly channel: string; readonly alert: Alert })[] = [];
  /** Ends of the windows of a channel's throttle, with or without a digest. */
  readonly closings: (Happened & { readonly channel: string })[] = [];
  /** Reasons for which an alert was held from a channel, at each change; none: nothing was to be said. */
  readonly holds: (Happened & {
    readonly channel: string;
    readonly alert: Alert;
    readonly reason: Reason | undefined;
  })[] = [];
  readonly #derived = new Map<string, unknown>();
  #order = 0;

  constructor(
    readonly bot: string,
    readonly settings: ScenarioSettings,
    readonly channels: readonly ScenarioChannel[],
  ) {}

  happened(at: number): Happened {
    this.#order += 1;
    return { at, order: this.#order };
  }

  /** Derives something of the alerts once for each step: it is the same however often it is asked for, and slow. */
  once<T>(name: string, derive: () => T): T {
    if (!this.#derived.has(name)) this.#derived.set(name, derive());
    return this.#derived.get(name) as T;
  }

  /** A step changed the alerts: all is derived anew. */
  changed(): void {
    this.#derived.clear();
  }

  about(subject: Subject): readonly Alert[] {
    return this.alerts.filter(
      (alert) => alert.subject.condition === subject.condition && alert.subject.symbol === subject.symbol,
    );
  }

  openAlert(subject: Subject): Alert | undefined {
    return this.about(subject).find((alert) => !alert.oneOff && !alert.resolved);
  }
}

const LEVELS: readonly AlertLevel[] = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'];

export const rank = (level: AlertLevel): number => LEVELS.indexOf(level);
export const worst = (levels: readonly AlertLevel[]): AlertLevel =>
  levels.reduce((a, b) => (rank(b) > rank(a) ? b : a), 'INFO');
