import { type EventRow, faultOf } from '../event-codec';
import { QUARANTINED, type QuarantinedRow, quarantinedEvent } from '../quarantine';
import type { CommitChecks } from './commit-checks';
import { Findings } from './verify-report';

/** The ids of archived events. */
export interface ArchivedIds {
  holds(id: string): boolean;
}

/**
 * Checks the rows of a log, in order: positions without a hole, events that can be read and are valid, ids that are new, bots that
 * have opened the log, commits whose checksums are right.
 */
export class RowChecks {
  readonly positions = new Findings('positions');
  readonly events = new Findings('events');
  readonly ids = new Findings('ids');
  readonly bots = new Findings('bots');
  readonly quarantine = new Findings('quarantine');
  private next: number;
  private count = 0;
  private archived = 0;

  /**
   * @param aside the rows that were set aside, by position
   * @param first the first position that is kept
   */
  constructor(
    private readonly archivedIds: ArchivedIds,
    private readonly knownBots: readonly string[],
    readonly commits: CommitChecks,
    private readonly aside: ReadonlyMap<number, QuarantinedRow>,
    first = 1,
  ) {
    this.next = first;
    for (const each of aside.values()) {
      const { position, eventType, reason } = quarantinedEvent(each);
      this.quarantine.warning(`Position ${position} (${eventType}) was set aside: ${reason}.`);
    }
  }

  /** Rows that were checked. */
  get checked(): number {
    return this.count;
  }

  /** Those of them that were archived. */
  get checkedArchived(): number {
    return this.archived;
  }

  check(rows: readonly EventRow[], where: 'archive' | 'live'): void {
    for (const row of rows) {
      this.place(row.position);
      this.bot(row);
      const isReplaced = row.type === QUARANTINED;
      const aside = isReplaced || where === 'archive' ? this.aside.get(row.position) : undefined;
      if (aside === undefined || isReplaced) this.event(row);
      // What was committed is what is kept of an event that was set aside.
      this.commits.check(aside?.row ?? row, aside !== undefined);
      this.count += 1;
      const isKnown = this.archivedIds.holds(row.id);
      if (where === 'archive') this.archived += 1;
      if (where === 'live' && isKnown) {
        this.ids.error(
          `The event at position ${row.position} repeats id ${row.id}, which is archived already.`,
        );
      } else if (where === 'archive' && !isKnown) {
        this.ids.error(
          `The archived event at position ${row.position} has the unknown id ${row.id}: it would count as new if it were stated again.`,
        );
      }
    }
  }

  /** Rows that could not be read; why is said elsewhere. */
  skip(to: number): void {
    this.next = Math.max(this.next, to + 1);
  }

  /** The last row was checked, and the log says that it goes on to that position. */
  end(last: number): void {
    if (this.next <= last) this.place(last + 1);
  }

  private place(position: number): void {
    if (position > this.next) {
      const last = position - 1;
      this.positions.error(
        last === this.next
          ? `Position ${last} is missing.`
          : `Positions ${this.next} to ${last} are missing.`,
      );
    } else if (position < this.next) {
      this.positions.error(`Position ${position} comes twice, or after ${this.next - 1}.`);
    }
    this.next = position + 1;
  }

  private bot({ position, bot }: EventRow): void {
    if (bot === null || this.knownBots.includes(bot)) return;
    this.bots.error(`Position ${position} is of the bot '${bot}', which has never opened this log.`);
  }

  private event(row: EventRow): void {
    const fault = faultOf(row);
    if (fault !== undefined) this.events.error(`Position ${row.position} (${String(row.type)}): ${fault}.`);
  }
}
