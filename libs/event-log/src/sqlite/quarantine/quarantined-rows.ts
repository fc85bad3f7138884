import type { DatabaseSync } from 'node:sqlite';
import type { QuarantinedRow } from '../../engine/quarantine';
import { EventRows } from '../event-rows';

/**
 * The rows of events that were set aside, copied as they were stored. Its columns have no types, so that SQLite converts nothing. It is made when
 * the first event is set aside.
 */
export const QUARANTINE_TABLE = `
  CREATE TABLE IF NOT EXISTS quarantine (
    position INTEGER PRIMARY KEY,
    id, type, version, source, occurred_at, causation_id, data, committed_at, bot, writer,
    reason       TEXT NOT NULL,
    set_aside_at INTEGER NOT NULL
  )`;

/** What was set aside of a log, by its position. */
export function quarantinedRows(database: DatabaseSync): ReadonlyMap<number, QuarantinedRow> {
  const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'quarantine'";
  if (database.prepare(table).get() === undefined) return new Map();
  const reasons = database.prepare('SELECT reason FROM quarantine ORDER BY position').all();
  const rows = new EventRows(database, 'quarantine').readDamaged(0, Number.MAX_SAFE_INTEGER);
  return new Map(
    rows.map((row, index) => [row.position, { row, reason: String(reasons[index]?.['reason']) }]),
  );
}
