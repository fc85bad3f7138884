import type { DatabaseSync } from 'node:sqlite';
import { type Clock, systemClock } from '@opensqt/trading-events';
import { messageOf } from '../../engine/diagnosis';
import { type EventRow, faultOf } from '../../engine/event-codec';
import {
  type QuarantinedEvent,
  type QuarantinedRow,
  quarantinedEvent,
  replacementOf,
} from '../../engine/quarantine';
import { EventLogError } from '../../event-log';
import { openForReading, openToMend } from '../database';
import { EventRows } from '../event-rows';
import { prepareToWrite, realPath } from '../log-path';
import { inTransaction } from '../transaction';
import { lockForWriting } from '../writer-lock';
import { faultsInArchive } from './archived-faults';
import { QUARANTINE_TABLE } from './quarantined-rows';

/** Positions that are read at a time. */
const CHUNK = 2_000;

export interface QuarantineOptions {
  /** The folder of archive segments that are not where they were written. @default `<path>.archive` */
  readonly archivePath?: string | undefined;
  /** @default the wall clock */
  readonly clock?: Clock | undefined;
  /** Called as events have been looked at. */
  readonly onProgress?: ((looked: number, total: number) => void) | undefined;
}

/**
 * Sets aside each event of a log in an SQLite file that can't be read: its row is copied as it is stored to the table `quarantine`, and an
 * `event.quarantined` takes its position, which every reader understands. The recorded hashes stay, and `verify` compares them with the
 * copies. Of an archived event the segment stays as it is, and readers find the other event instead; a segment that is damaged is passed
 * over. One transaction: all of it happens or nothing, and a second run finds nothing to do.
 *
 * @returns the events that were set aside now
 * @throws EventLogError (rejects) `LOG_IN_USE` while a process writes to the log, `LOG_UNREADABLE` when pages of the file are damaged, and
 *   as opening a log does; nothing was changed then
 * @example
 * for (const { position, reason } of await quarantineSqliteLog('data/events.db')) console.log(position, reason);
 */
export async function quarantineSqliteLog(
  name: string,
  options: QuarantineOptions = {},
): Promise<readonly QuarantinedEvent[]> {
  const path = realPath(name);
  openForReading(path).close();
  prepareToWrite(path);
  const lock = lockForWriting(path);
  try {
    const database = openToMend(path);
    try {
      const archived = await faultsInArchive(database, path, options.archivePath).catch((error: unknown) => {
        throw damaged(path, messageOf(error), error);
      });
      return inTransaction(database, path, () => setAside(database, path, archived, options));
    } finally {
      database.close();
    }
  } finally {
    lock.release();
  }
}

function setAside(
  database: DatabaseSync,
  path: string,
  archived: readonly QuarantinedRow[],
  { clock = systemClock, onProgress }: QuarantineOptions,
): readonly QuarantinedEvent[] {
  const now = clock.now();
  const found = archived.map(quarantinedEvent);
  if (found.length > 0) database.exec(QUARANTINE_TABLE);
  for (const each of archived) keep(database, each, now);
  let before: EventRow | undefined;
  let isPrepared = false;
  for (const row of liveRows(database, path, onProgress)) {
    const reason = faultOf(row);
    if (reason === undefined) {
      before = row;
      continue;
    }
    if (!isPrepared) prepare(database);
    isPrepared = true;
    found.push(quarantinedEvent({ row, reason }));
    before = replacementOf(row, reason, before);
    replace(database, before, reason, now);
  }
  const damage = found.length === 0 ? undefined : pageDamage(database);
  if (damage !== undefined) throw damaged(path, damage);
  return found;
}

function* liveRows(
  database: DatabaseSync,
  path: string,
  onProgress: QuarantineOptions['onProgress'],
): Generator<EventRow> {
  const ends = 'SELECT min(position) AS first, max(position) AS last FROM events';
  const { first, last } = database.prepare(ends).get() ?? {};
  const rows = new EventRows(database);
  for (let from = Number(first ?? 1); from <= Number(last ?? 0); from += CHUNK) {
    const to = Math.min(from + CHUNK - 1, Number(last));
    yield* reading(path, () => rows.readDamaged(from, to));
    onProgress?.(to, Number(last));
  }
}

/** A damaged id is not the one in the index of ids, where SQLite looks for it when it is changed. */
function prepare(database: DatabaseSync): void {
  database.exec(QUARANTINE_TABLE);
  if (pageDamage(database) !== undefined) database.exec('REINDEX events');
}

/** Keeps a row of the archive. */
function keep(database: DatabaseSync, { row, reason }: QuarantinedRow, now: number): void {
  const insert = 'INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
  database.prepare(insert).run(row.position, ...cellsOf(row), reason, now);
}

/** A row that is set aside a second time, since its replacement was damaged, stays as it was first. */
function replace(database: DatabaseSync, by: EventRow, reason: string, now: number): void {
  const copy =
    'INSERT INTO quarantine SELECT *, ?, ? FROM events WHERE position = ? ON CONFLICT (position) DO NOTHING';
  const put = `UPDATE events SET id = ?, type = ?, version = ?, source = ?, occurred_at = ?, causation_id = ?,
                      data = ?, committed_at = ?, bot = ?, writer = ? WHERE position = ?`;
  database.prepare(copy).run(reason, now, by.position);
  database.prepare(put).run(...cellsOf(by), by.position);
}

/** A row's cells without its position, in the order of the table. */
function cellsOf(row: EventRow): (string | number | null)[] {
  const { id, type, version, source, occurred_at, causation_id, data, committed_at, bot, writer } = row;
  return [id, type, version, source, occurred_at, causation_id, data, committed_at, bot, writer];
}

function pageDamage(database: DatabaseSync): string | undefined {
  const message = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
  return message === 'ok' ? undefined : String(message);
}

function reading<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw damaged(path, messageOf(error), error);
  }
}

function damaged(path: string, what: string, cause?: unknown): EventLogError {
  const message = `Pages of the event log ${path} are damaged (${what}), so no event was set aside. Restore it from a backup; without one, sqlite3 ${path} .recover saves what can be read.`;
  return new EventLogError('LOG_UNREADABLE', message, { cause });
}
