import { messageOf } from '../diagnosis';
import { Rejection, parseEvent } from '@opensqt/trading-events';
import { type EventRow, decodeRow } from '../event-codec';
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
  private next: number;
  private count = 0;
  private archived = 0;

  /** @param first the first position that is kept */
  constructor(
    private readonly log: string,
    private readonly archivedIds: ArchivedIds,
    private readonly knownBots: readonly string[],
    readonly commits: CommitChecks,
    first = 1,
  ) {
    this.next = first;
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
      this.event(row);
      this.bot(row);
      this.commits.check(row);
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
    this.count += 1;
    try {
      const { event } = decodeRow(row, this.log, '');
      const parsed = parseEvent(event);
      if (parsed instanceof Rejection) this.events.error(`Position ${row.position}: ${parsed.message}`);
    } catch (error) {
      this.events.error(messageOf(error));
    }
  }
}
