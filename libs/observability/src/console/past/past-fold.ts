import { type EventLog, EventLogError, type LogRecord } from '@opensqt/event-log';
import type { EpochMs } from '@opensqt/trading-events';
import { alertsProjection } from '../../alerts/model/alerts.projection';
import { healthProjection } from '../../health/health.projection';
import { type Verdict, verdictOf } from '../../health/verdict';
import { metricsProjection } from '../../metrics/projection/metrics.projection';
import { ProjectedState } from '../../projections/projection';
import { startingPoint } from '../../projections/snapshot-choice';
import { latestTime } from '../../replay/log-reading';
import type { Overview } from '../api/overview';
import { consoleProjection } from '../state/console.projection';
import { overviewOf } from '../view/overview-view';

/** The states that an overview is made of, as they were at one position: from kept snapshots and what follows them. */
export class PastFold {
  private readonly console = ProjectedState.of(consoleProjection);
  private readonly metrics = ProjectedState.of(metricsProjection);
  private readonly health = ProjectedState.of(healthProjection);
  private readonly alerts = ProjectedState.of(alertsProjection);
  private isBegun = false;

  constructor(private readonly log: EventLog) {}

  private get states(): readonly ProjectedState<unknown>[] {
    return [
      this.console,
      this.metrics,
      this.health,
      this.alerts,
    ] as unknown as readonly ProjectedState<unknown>[];
  }

  private get position(): number {
    return Math.min(...this.states.map(({ position }) => position));
  }

  /**
   * The overview at a position, as `replay -- --to POSITION` has the same figures: nothing of later records is in it.
   *
   * @param head the log's last position
   * @throws ReplayError (rejects) `LOG_GAP`
   */
  async overviewAt(to: number, head: number, symbols: readonly string[] | undefined): Promise<Overview> {
    await this.moveTo(to, head);
    return this.overview(head, await latestTime(this.log, to), symbols);
  }

  /**
   * The overview at the position that was reached.
   *
   * @param time market time of that position
   */
  overview(head: number, time: EpochMs | undefined, symbols: readonly string[] | undefined): Overview {
    return overviewOf({
      bot: this.log.bot,
      position: this.position,
      ...{ head, time },
      wallTime: Date.now(),
      console: this.console.current,
      metrics: this.metrics.current,
      alerts: this.alerts.current,
      verdict: this.verdict(symbols),
    });
  }

  /** The answer to "does it trade?" at the position that was reached. */
  verdict(symbols: readonly string[] | undefined): Verdict {
    return verdictOf(this.health.current, { symbols });
  }

  /** The symbols that are in trading at the position that was reached. */
  get trading(): Iterable<string> {
    return this.health.current.trading.keys();
  }

  /** Goes on from the position that was reached, record by record: the states are those after the record that is given. */
  async *walk(to: number): AsyncGenerator<LogRecord> {
    for await (const records of this.log.read({ from: this.position + 1, to }))
      for (const record of records) {
        this.fold(record);
        yield record;
      }
  }

  /** The alerts as they were. */
  async alertsAt(to: number, head: number): Promise<typeof this.alerts.current> {
    await this.moveTo(to, head);
    return this.alerts.current;
  }

  /** The first position whose states can be rebuilt: 0, or where older events have been dropped that of the oldest kept snapshots. */
  async earliest(to: number): Promise<number> {
    const { first } = this.log.status();
    if (first === 1) return 0;
    const oldest = this.states.map(async ({ projection: { name } }) => {
      let found = to;
      for (let until = to; until >= first - 1; until = found - 1) {
        const kept = (await this.log.snapshots(name, until)).filter(({ position }) => position >= first - 1);
        const older = kept.at(-1);
        if (older === undefined) break;
        found = older.position;
      }
      return found;
    });
    return Math.max(...(await Promise.all(oldest)));
  }

  private dropped(to: number, projection: string): EventLogError {
    this.isBegun = false;
    const { first } = this.log.status();
    const message = `The state at position ${to} can't be rebuilt: events before position ${first} have been dropped, and no snapshot of the ${projection} state is kept between there and it. Ask for a later position.`;
    return new EventLogError('LOG_DROPPED', message);
  }

  /** Forward from where it is, unless a kept snapshot is nearer. */
  private async moveTo(to: number, head: number): Promise<void> {
    const isBehind = this.isBegun && this.states.every(({ position }) => position <= to);
    if (!isBehind || to - this.position > 100_000) {
      for (const projected of this.states) {
        const snapshots = await this.log.snapshots(projected.projection.name, to);
        const { first } = this.log.status();
        const { state, position, isPartial } = startingPoint(projected.projection, snapshots, head, first);
        if (isPartial) throw this.dropped(to, projected.projection.name);
        if (!isBehind || position > projected.position) projected.resume(state, position);
      }
    }
    this.isBegun = true;
    for await (const records of this.log.read({ from: this.position + 1, to }))
      for (const record of records) this.fold(record);
  }

  private fold(record: LogRecord): void {
    for (const projected of this.states) projected.foldLogged(record, this.log.bot);
  }
}
