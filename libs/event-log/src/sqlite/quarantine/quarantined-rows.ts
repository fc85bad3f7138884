import type { DatabaseSync } from 'node:sqlite';
import type { EventType } from '@opensqt/trading-events';
import type { EventRow } from '../../engine/event-codec';
import { QUARANTINED, type QuarantinedRow, replacementOf } from '../../engine/quarantine';
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

/** The rows of a log that were set aside at these positions, by position. */
export function quarantinedRows(
  database: DatabaseSync,
  from = 1,
  to = Number.MAX_SAFE_INTEGER,
): ReadonlyMap<number, QuarantinedRow> {
  const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'quarantine'";
  if (database.prepare(table).get() === undefined) return new Map();
  const select = 'SELECT reason FROM quarantine WHERE position BETWEEN ? AND ? ORDER BY position';
  const reasons = database.prepare(select).all(from, to);
  const rows = new EventRows(database, 'quarantine').readDamaged(from, to);
  return new Map(
    rows.map((row, index) => [row.position, { row, reason: String(reasons[index]?.['reason']) }]),
  );
}

/**
 * Archived rows with those replaced that were set aside: a segment is never changed, so an event that was archived before stands in it
 * as it was.
 *
 * @param aside what was set aside at the positions that were read
 * @param types the types that were asked for
 */
export function withReplacements(
  archived: readonly EventRow[],
  aside: ReadonlyMap<number, QuarantinedRow>,
  types?: readonly EventType[],
): readonly EventRow[] {
  if (aside.size === 0) return archived;
  const kept = archived.filter(({ position, type }) => type === QUARANTINED || !aside.has(position));
  if (types?.includes(QUARANTINED) === false) return kept;
  const standing = new Set(kept.map(({ position }) => position));
  const replaced = [...aside.values()].filter(({ row }) => !standing.has(row.position));
  const rows = [...kept, ...replaced.map(({ row, reason }) => replacementOf(row, reason))];
  return rows.toSorted((a, b) => a.position - b.position);
}
