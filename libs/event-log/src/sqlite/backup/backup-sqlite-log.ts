import { existsSync, mkdirSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../engine/diagnosis';
import { EventLogError } from '../../event-log';
import { archiveFolderOf, locate } from '../archive/archive-folder';
import { SqliteSegments } from '../archive/sqlite-segments';
import { openForReading, sqliteModule } from '../database';
import { realPath } from '../log-path';
import { PRIVATE_FOLDER, createPrivately } from '../private-files';
import { verifySqliteLog } from '../verify/verify-sqlite-log';
import type { VerifyReport } from '../../engine/verify/verify-report';

/** Pages that are copied before others have their turn. */
const PAGES_AT_ONCE = 1_000;

export interface BackupOptions {
  /** The folder of archive segments that are not where they were written. @default `<log>.archive` */
  readonly archivePath?: string | undefined;
  /** Called as pages were copied, and then as events were checked. */
  readonly onProgress?: ((what: 'pages' | 'events', done: number, total: number) => void) | undefined;
}

/**
 * Copies a log and its archive as they are at one moment, while a market maker may write to it, and checks the copy. The copy is one file,
 * and `<to>.archive` where events were archived; it gets its name once it is whole and right.
 *
 * @returns the report about the copy
 * @throws EventLogError (rejects) as opening the log does, `LOG_UNSUPPORTED` when the target is there already, `LOG_WRITE_FAILED`,
 *   `LOG_UNREADABLE` when the copy is damaged, as the log then is
 * @example
 * const { position } = await backupSqliteLog('data/events.db', 'backup/events.db');
 */
export async function backupSqliteLog(
  log: string,
  target: string,
  options: BackupOptions = {},
): Promise<VerifyReport> {
  const path = realPath(log);
  const to = resolve(target);
  const partial = `${to}.partial`;
  for (const taken of [to, archiveFolderOf(to)]) {
    if (!existsSync(taken)) continue;
    const message = `${taken} is there already and is not overwritten. Name another file, or move it away.`;
    throw new EventLogError('LOG_UNSUPPORTED', message);
  }
  const database = openForReading(path);
  try {
    await removePartial(partial);
    mkdirSync(dirname(to), { recursive: true, mode: PRIVATE_FOLDER });
    createPrivately(partial);
    await copyLog(database, partial, options);
    await copySegments(new SqliteSegments(database, path), path, partial, options);
    const report = await checked(partial, target, options);
    await publish(partial, to);
    return report;
  } catch (error) {
    await removePartial(partial);
    if (error instanceof EventLogError) throw error;
    const message = `The backup ${to} could not be written: ${messageOf(error)}. Check its folder and the space on its volume.`;
    throw new EventLogError('LOG_WRITE_FAILED', message, { cause: error });
  } finally {
    database.close();
  }
}

/** Copies one moment: while the read transaction lasts, what others commit does not make it begin anew. */
async function copyLog(
  database: DatabaseSync,
  partial: string,
  { onProgress }: BackupOptions,
): Promise<void> {
  database.exec('BEGIN');
  database.prepare('SELECT 1 FROM sqlite_schema').get();
  const { DatabaseSync, backup } = sqliteModule();
  await backup(database, partial, {
    rate: PAGES_AT_ONCE,
    progress: ({ totalPages, remainingPages }) =>
      onProgress?.('pages', totalPages - remainingPages, totalPages),
  });
  const copy = new DatabaseSync(partial);
  try {
    copy.exec('PRAGMA journal_mode = DELETE'); // no other file belongs to it, until it is written to
  } finally {
    copy.close();
  }
}

async function copySegments(
  segments: SqliteSegments,
  path: string,
  partial: string,
  { archivePath = archiveFolderOf(path) }: BackupOptions,
): Promise<void> {
  const recorded = segments.segments();
  if (recorded.length === 0) return;
  const folder = archiveFolderOf(partial);
  await mkdir(folder, { mode: PRIVATE_FOLDER });
  for (const segment of recorded) {
    const found = await locate(segment, archivePath);
    const copy = join(folder, basename(segment.path));
    await copyFile(found.path, copy);
    await sync(copy);
  }
  await sync(folder);
}

async function checked(
  partial: string,
  target: string,
  { onProgress }: BackupOptions,
): Promise<VerifyReport> {
  const report = await verifySqliteLog(partial, {
    archivePath: archiveFolderOf(partial),
    onProgress: (done, total) => onProgress?.('events', done, total),
  });
  if (report.ok) return { ...report, log: target };
  const first = report.checks
    .flatMap(({ findings }) => findings)
    .find(({ severity }) => severity === 'error');
  const message = `The copy is damaged, as the log is, and was not kept: ${first?.message ?? 'it can not be read.'} Run npx opensqt verify on the log.`;
  throw new EventLogError('LOG_UNREADABLE', message);
}

/** The archive gets its name first: a log that is there has all of its segments. */
async function publish(partial: string, to: string): Promise<void> {
  if (existsSync(archiveFolderOf(partial))) await rename(archiveFolderOf(partial), archiveFolderOf(to));
  await sync(partial);
  await rename(partial, to);
  await sync(dirname(to));
}

async function removePartial(partial: string): Promise<void> {
  const left = [
    partial,
    ...['-journal', '-wal', '-shm'].map((end) => partial + end),
    archiveFolderOf(partial),
  ];
  for (const path of left) await rm(path, { recursive: true, force: true });
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
