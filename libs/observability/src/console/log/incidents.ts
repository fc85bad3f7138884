import type { LogRecord } from '@opensqt/event-log';
import type { AlertEvent, AlertLevel, AlertNotice, EpochMs } from '@opensqt/trading-events';
import { isAlertEvent } from '../../alerts/model/alerts.projection';
import type { OpenAlert } from '../../alerts/model/alerts.state';
import { louder } from '../../alerts/model/levels';
import { LOG_CHANNEL } from '../../alerts/policy/channel-route';
import { BUILT_IN_RULES, CONDITIONS } from '../../alerts/rules/registry';
import type { Happening } from '../api/missed';
import type { Overview } from '../api/overview';

/** Trouble that comes again so soon (ms of market time) is the same incident. */
const GAP_MS = 60_000;
/** One-off alerts so shortly (ms) before an incident are part of it. */
const LEAD_MS = 1_000;
/** Not trading for less than this (ms), without an alert, is a start. */
const START_MS = 10_000;
const MAX_STEPS = 200;

const rules = new Set<string>(BUILT_IN_RULES.map(({ condition }) => condition));
/** Conditions that are not about trading: a broken channel does not make an incident that lasts for days. */
const APART = new Set(CONDITIONS.map(({ condition }) => condition).filter((name) => !rules.has(name)));

/** An incident while it is gathered. */
export interface Incident {
  readonly from: { readonly at: EpochMs; readonly position: number };
  to: { readonly at: EpochMs; readonly position: number } | undefined;
  level: AlertLevel | undefined;
  notTrading: number;
  readonly before: Overview['profit'];
  after: Overview['profit'] | undefined;
  readonly steps: Happening[];
  more: number;
  /** By channel: milliseconds until it accepted the first message. */
  readonly notified: Map<string, number>;
  /** By channel: the reason that a message was given up. */
  readonly undelivered: Map<string, string>;
  readonly acknowledgedBy: Set<string>;
  /** True where it had begun before the first record that was handed over. */
  readonly isOlder: boolean;
}

/** A record's time and position, and how things stood after it. */
export interface Beginning {
  readonly at: EpochMs;
  readonly position: number;
  /** The title and whether it trades. */
  readonly verdict: { readonly isTrading: boolean; readonly title: string };
  readonly open: Iterable<Pick<OpenAlert, 'id' | 'condition' | 'level' | 'title' | 'acknowledgedBy'>>;
  /** Symbols that were started and not stopped. */
  readonly trading: Iterable<string>;
}

/** Gathers incidents from records in their order: times in which an alert about trading is open, or nothing is traded. */
export class Incidents {
  /** Steps of alerts outside of them. */
  readonly others: Happening[] = [];
  readonly counts = { raised: 0, critical: 0, deadLetters: 0, silences: 0 };
  notTrading = 0;
  /** By alert: deliveries may come after their incident has ended. */
  private readonly incidentOf = new Map<string, Incident>();
  private readonly gathered: Incident[] = [];
  private current: Incident | undefined;
  private readonly open = new Set<string>();
  private readonly trading: Set<string>;
  private stillSince: EpochMs | undefined;
  /** The last record that is not of the alerting: that decides on a crash before trading starts again. */
  private last: Pick<Beginning, 'at' | 'position'> | undefined;

  /**
   * @param profit the figures at the record that was handed over last
   * @param beginning absent: nothing was before
   */
  constructor(
    private readonly profit: () => Overview['profit'],
    beginning?: Beginning,
  ) {
    this.last = beginning;
    this.trading = new Set(beginning?.trading);
    if (beginning !== undefined) this.goOn(beginning);
  }

  /**
   * Takes the next record.
   *
   * @param verdict the title and whether it trades after the record; undefined: as before
   */
  add(record: LogRecord, verdict: { readonly isTrading: boolean; readonly title: string } | undefined): void {
    const { event, position } = record;
    const at = event.occurredAt;
    const steps = [...(isAlertEvent(event) ? this.alertSteps(event, position) : this.crashSteps(record))];
    const wasStill = this.stillSince !== undefined;
    if (verdict !== undefined && verdict.isTrading === wasStill) {
      steps.push({ position, at, level: null, isOver: wasStill, words: verdict.title });
      this.turn(at, verdict.isTrading);
    }
    if (this.current === undefined && this.isTrouble) this.begin(at, position);
    if (event.type === 'alert.raised' && this.current !== undefined)
      this.incidentOf.set(event.data.alertId, this.current);
    for (const step of steps) this.take(step);
    if (this.current !== undefined && !this.isTrouble) this.end({ at, position });
  }

  /** Ends what is gathered; an incident that goes on stays without an end. */
  finish(at: EpochMs): void {
    if (this.stillSince !== undefined) this.turn(at, true);
    if (this.current !== undefined) this.current.after = this.profit();
  }

  /** The incidents so far, oldest first. */
  get all(): readonly Incident[] {
    return this.gathered.filter(({ level, notTrading }) => level !== undefined || notTrading >= START_MS);
  }

  private get isTrouble(): boolean {
    return this.open.size > 0 || this.stillSince !== undefined;
  }

  private turn(at: EpochMs, isTrading: boolean): void {
    const still = Math.max(0, at - (this.stillSince ?? at));
    this.notTrading += still;
    if (this.current !== undefined) this.current.notTrading += still;
    this.stillSince = isTrading ? undefined : at;
  }

  /** Takes over what was there at the beginning. */
  private goOn({ at, position, verdict, open }: Beginning): void {
    const alerts = [...open].filter(({ condition }) => !APART.has(condition));
    for (const { id } of alerts) this.open.add(id);
    if (!verdict.isTrading) this.stillSince = at;
    if (!this.isTrouble) return;
    const incident = this.begin(at, position, true);
    const step = { position, at, level: null, isOver: false };
    if (!verdict.isTrading) this.take({ ...step, words: verdict.title });
    for (const { id, level, title, acknowledgedBy } of alerts) {
      this.incidentOf.set(id, incident);
      if (acknowledgedBy !== undefined) incident.acknowledgedBy.add(acknowledgedBy);
      this.take({ ...step, level, words: `Open already: ${title}` });
    }
  }

  /** Counts the time before a start that no stop precedes: a crash ended trading after the last record. */
  private crashSteps({ event, position }: LogRecord): readonly Happening[] {
    const at = event.occurredAt;
    const { last } = this;
    this.last = { at, position };
    if (event.type === 'symbol.stopped') this.trading.delete(event.data.symbol);
    if (event.type !== 'symbol.started') return [];
    const wasTrading = this.trading.has(event.data.symbol);
    this.trading.add(event.data.symbol);
    if (!wasTrading || last === undefined || at - last.at < START_MS) return [];
    if (this.stillSince === undefined) {
      this.turn(last.at, false);
      if (this.current === undefined) this.begin(last.at, last.position);
      this.turn(at, true);
    }
    return [{ position, at, level: null, isOver: false, words: 'Started again without having been stopped' }];
  }

  private begin(at: EpochMs, position: number, isOlder = false): Incident {
    const last = this.gathered.at(-1);
    if (last?.to !== undefined && at - last.to.at < GAP_MS) {
      return (this.current = Object.assign(last, { to: undefined }));
    }
    const none = { to: undefined, level: undefined, notTrading: 0, after: undefined, more: 0 };
    const before = this.others.findIndex((step) => step.at >= at - LEAD_MS);
    const steps = before < 0 ? [] : this.others.splice(before);
    const told = {
      ...{ notified: new Map<string, number>(), undelivered: new Map<string, string>() },
      acknowledgedBy: new Set<string>(),
    };
    const begun = { from: { at, position }, before: this.profit(), steps, isOlder, ...none, ...told };
    this.gathered.push(begun);
    return (this.current = begun);
  }

  private end(to: { readonly at: EpochMs; readonly position: number }): void {
    if (this.current !== undefined) Object.assign(this.current, { to, after: this.profit() });
    this.current = undefined;
  }

  private about(alertId: string): Incident | undefined {
    return this.incidentOf.get(alertId) ?? this.current;
  }

  private take(step: Happening): void {
    const { current } = this;
    if (current === undefined) {
      this.others.push(step);
      return;
    }
    if (step.level !== null && !step.isOver)
      current.level = current.level === undefined ? step.level : louder(current.level, step.level);
    if (current.steps.length < MAX_STEPS) current.steps.push(step);
    else current.more += 1;
  }

  private alertSteps(event: AlertEvent, position: number): readonly Happening[] {
    const at = event.occurredAt;
    const step = (level: AlertLevel | null, isOver: boolean, words: string): readonly Happening[] => [
      { position, at, level, isOver, words },
    ];
    switch (event.type) {
      case 'alert.raised': {
        const { alertId, condition, notice, oneOff } = event.data;
        this.counts.raised += 1;
        if (notice.level === 'CRITICAL') this.counts.critical += 1;
        if (!oneOff && !APART.has(condition)) this.open.add(alertId);
        return step(notice.level, false, oneOff ? notice.title : wordsOf(notice));
      }
      case 'alert.escalated':
        return step(event.data.notice.level, false, wordsOf(event.data.notice));
      case 'alert.resolved': {
        const { alertId, notice } = event.data;
        this.open.delete(alertId);
        return step(notice.level, true, wordsOf(notice));
      }
      case 'alert.acknowledged':
        if (this.open.has(event.data.alertId))
          this.about(event.data.alertId)?.acknowledgedBy.add(event.data.by);
        return step(null, false, `Acknowledged by ${event.data.by}`);
      case 'silence.created':
        this.counts.silences += 1;
        return step(null, false, `Silenced by ${event.data.by}: ${event.data.reason}`);
      case 'delivery.succeeded': {
        const { alertId, channel, latencyMs } = event.data;
        if (channel === LOG_CHANNEL) return [];
        const notified = this.about(alertId)?.notified;
        if (notified?.has(channel) === false) notified.set(channel, latencyMs);
        return [];
      }
      case 'delivery.abandoned': {
        const { alertId, channel, detail } = event.data;
        this.counts.deadLetters += 1;
        this.about(alertId)?.undelivered.set(channel, detail);
        return [];
      }
      default:
        return [];
    }
  }
}

/** The title, and the sentence with the numbers. */
function wordsOf({ title, message }: AlertNotice): string {
  const [first = ''] = message.split(/(?<=\.)\s/);
  return first === '' ? title : `${title}. ${first}`;
}
