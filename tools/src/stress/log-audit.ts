import type { EventLog, LogRecord } from '@opensqt/event-log';
import {
  type Difference,
  differences,
  loggedSeries,
  metricsProjection,
  metricsText,
  ProjectedState,
} from '@opensqt/observability/replay';

const ID = /^stress-(\d+)-(\d+)$/;

/** The id of the event of that number, counted from 0, that a run emits. */
export function idOf(run: number, number: number): string {
  return `stress-${run}-${number}`;
}

/** The faults of a log; all of them must be 0. */
export interface Faults {
  /** Acknowledged events that the log does not hold where it said so. */
  lost: number;
  /** Missing positions, and missing numbers of a run's events. */
  gaps: number;
  /** Events that are in the log twice. */
  repeats: number;
  /** Restarts whose metrics were not those of the log. */
  mismatches: number;
}

/** Goes through a log once, in order, across all restarts of its writer, and keeps account of what it must have led to. */
export class LogAudit {
  readonly faults: Faults = { lost: 0, gaps: 0, repeats: 0, mismatches: 0 };
  /** Series that were not as they must be, for the report. */
  readonly mismatched: Difference[] = [];
  events = 0;
  acknowledged = 0;
  /** The last position that was read. */
  position = 0;
  private readonly metrics = ProjectedState.of(metricsProjection);
  private readonly numbers = new Map<number, number>();
  private readonly otherIds = new Set<string>();
  private promised = new Map<number, string>();

  /** The log said that these are committed, from that position on. */
  acknowledge(position: number, ids: readonly string[]): void {
    this.acknowledged += ids.length;
    ids.forEach((id, index) => this.promised.set(position + index, id));
  }

  /** Reads on up to that position, or to the log's end. */
  async advance(log: EventLog, to?: number): Promise<void> {
    for await (const records of log.read({ from: this.position + 1, ...(to !== undefined && { to }) })) {
      for (const record of records) this.check(record);
    }
  }

  /** Everything that was acknowledged must have been read by now. */
  close(): void {
    this.faults.lost += this.promised.size;
    this.promised = new Map();
  }

  /** Compares the metrics that a restart began with with the log up to there. */
  async compare(log: EventLog, text: string): Promise<void> {
    const shown = loggedSeries(text);
    const replayed = loggedSeries(await metricsText(this.metrics.current, log, this.position, 0));
    const found = differences(replayed, shown);
    if (found.length === 0) return;
    this.faults.mismatches += 1;
    this.mismatched.push(...found);
  }

  private check(record: LogRecord): void {
    const { position, event } = record;
    this.events += 1;
    if (position !== this.position + 1) this.faults.gaps += 1;
    this.position = position;
    const promised = this.promised.get(position);
    if (promised !== undefined && promised !== event.id) this.faults.lost += 1;
    this.promised.delete(position);
    this.checkNumber(event.id);
    this.metrics.apply(event);
  }

  /** Those of others, such as alerts, have no number. */
  private checkNumber(id: string): void {
    const [, run = '', number] = ID.exec(id) ?? [];
    if (number === undefined) {
      if (this.otherIds.has(id)) this.faults.repeats += 1;
      this.otherIds.add(id);
      return;
    }
    const stated = Number(number);
    const expected = this.numbers.get(Number(run)) ?? 0;
    if (stated < expected) this.faults.repeats += 1;
    if (stated > expected) this.faults.gaps += 1;
    this.numbers.set(Number(run), Math.max(expected, stated + 1));
  }
}
