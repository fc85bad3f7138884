import type { EventType } from '@opensqt/trading-events';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventRow } from '../engine/event-codec';

const COLUMNS =
  'position, id, type, version, source, occurred_at, causation_id, data, committed_at, bot, writer';

/** The columns with whole numbers rounded to what JavaScript has: a row with a larger one can't be read otherwise. */
const ROUNDED = COLUMNS.replace(/(?<=, )\w+/g, "iif(typeof($&) = 'integer', CAST($& AS REAL), $&)");

/** Those columns of a row, in that order. */
type Cells = readonly [
  ...[position: number, id: string, type: string, version: number, source: string, occurredAt: number],
  ...[
    causationId: string | null,
    data: string,
    committedAt: number,
    bot: string | null,
    writer: string | null,
  ],
];

/** Reads the table of events. Rows come from SQLite as arrays: as objects they take twice as long. */
export class EventRows {
  private readonly range: StatementSync;
  private readonly ofTypes: StatementSync;
  private readonly rounded: StatementSync;

  /** @param table `events`, or another one that has its columns */
  constructor(database: DatabaseSync, table: 'events' | 'quarantine' = 'events') {
    const select = `SELECT ${COLUMNS} FROM ${table} WHERE position BETWEEN ? AND ?`;
    this.range = database.prepare(`${select} ORDER BY position`);
    this.ofTypes = database.prepare(
      `${select} AND type IN (SELECT value FROM json_each(?)) ORDER BY position`,
    );
    this.rounded = database.prepare(
      `SELECT ${ROUNDED} FROM ${table} WHERE position BETWEEN ? AND ? ORDER BY position`,
    );
    this.range.setReturnArrays(true);
    this.ofTypes.setReturnArrays(true);
    this.rounded.setReturnArrays(true);
  }

  /** The rows at positions `from` to `to`, both included, in order. */
  read(from: number, to: number, types?: readonly EventType[]): readonly EventRow[] {
    const rows =
      types === undefined ? this.range.all(from, to) : this.ofTypes.all(from, to, JSON.stringify(types));
    return (rows as unknown as readonly Cells[]).map(rowOf);
  }

  /** The same, of rows that may be damaged: a column may hold a value of any type, and large whole numbers are rounded. */
  readDamaged(from: number, to: number): readonly EventRow[] {
    return (this.rounded.all(from, to) as unknown as readonly Cells[]).map(rowOf);
  }
}

// By index: taking an array apart goes through its iterator, which a replay of millions of rows feels.
function rowOf(cells: Cells): EventRow {
  return {
    position: cells[0],
    id: cells[1],
    type: cells[2],
    version: cells[3],
    source: cells[4],
    occurred_at: cells[5],
    causation_id: cells[6],
    data: cells[7],
    committed_at: cells[8],
    bot: cells[9],
    writer: cells[10],
  };
}
