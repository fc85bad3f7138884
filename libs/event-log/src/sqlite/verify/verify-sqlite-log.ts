import { messageOf } from '../../engine/diagnosis';
import { setImmediate as turn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { Checkpoint, Snapshot } from '../../event-log';
import { checkCheckpoints, checkSnapshots } from '../../engine/verify/progress-checks';
import { openForReading } from '../database';
import { realPath } from '../log-path';
import { botsOf } from '../schema';
import { archiveFolderOf } from '../archive/archive-folder';
import { SqliteSegments } from '../archive/sqlite-segments';
import { quarantinedRows } from '../quarantine/quarantined-rows';
import { checkSegments } from './check-segments';
import { checkWal } from './check-wal';
import { chainOf } from './chain-head';
import { CommitChecks } from '../../engine/verify/commit-checks';
import { RowChecks } from '../../engine/verify/row-checks';
import {
  type ChainPoint,
  type CheckResult,
  Findings,
  type VerifyReport,
} from '../../engine/verify/verify-report';

const CHUNK = 2_000;

export interface VerifyOptions {
  /** The folder of archive segments that are not where they were written. @default `<path>.archive` */
  readonly archivePath?: string | undefined;
  /** A position and its hash, as {@link headOfSqliteLog} gave them before: of this log, or of one that it is a copy of. */
  readonly against?: ChainPoint | undefined;
  /** Called as events have been checked. */
  readonly onProgress?: ((checked: number, total: number) => void) | undefined;
}

/**
 * Checks a log in an SQLite file and its archive: the file's pages, its write-ahead log, the segments' checksums, positions
 * without a hole, events that can be decoded and are valid, ids that are unique, checkpoints and snapshots that don't go
 * beyond its end, the snapshots' checksums, and the chain of the commits' hashes, which no event fits that was changed, removed or put in. It changes
 * nothing, and may run beside a writer: it looks at one moment, for which the writer's write-ahead log has to wait.
 *
 * @returns a report, also of a file that can't be opened
 * @example
 * const { ok, checks } = await verifySqliteLog('data/events.db');
 */
export async function verifySqliteLog(name: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const file = new Findings('file');
  let database: DatabaseSync | undefined;
  try {
    const path = realPath(name);
    database = openForReading(path);
    database.exec('BEGIN');
    return { ...(await verify(database, path, file, options)), log: name };
  } catch (error) {
    file.error(messageOf(error));
    return {
      log: name,
      ok: false,
      first: 1,
      position: 0,
      checks: [file.result('not readable')],
      vouched: [],
    };
  } finally {
    database?.close();
  }
}

async function verify(
  database: DatabaseSync,
  path: string,
  file: Findings,
  { archivePath: folder = archiveFolderOf(path), against, onProgress }: VerifyOptions,
): Promise<VerifyReport> {
  const segments = new SqliteSegments(database, path);
  const { first, last } = ends(database);
  const recorded = segments.segments();
  const position = Math.max(last, recorded.at(-1)?.last ?? 0);
  const commits = new CommitChecks(chainOf(database), against);
  const bots = botsOf(database);
  const archivedIds = { holds: (id: string): boolean => recorded.length > 0 && segments.holds(id) };
  const aside = quarantinedRows(database);
  const rows = new RowChecks(archivedIds, bots, commits, aside);
  let checked = 0;
  const progress = (events: number): void => onProgress?.((checked += events), position);

  const findings: Findings[] = [file];
  const results: CheckResult[] = [file.result(path)];
  const add = (found: Findings, looked: string): void => {
    findings.push(found);
    results.push(found.result(looked));
  };
  const wal = new Findings('write-ahead log');
  add(wal, checkWal(path, wal));
  const pages = new Findings('pages');
  add(pages, checkPages(database, pages));
  const archive = new Findings('archive');
  const toCheck = { log: path, folder, segments: recorded, firstLive: first, last: position };
  add(archive, await checkSegments(toCheck, rows, archive, progress));
  await checkLive(database, segments, rows, { first, last }, progress);
  if (recorded.length > 0 && !archive.hasErrors) checkArchivedIds(database, rows);
  add(rows.positions, `1 to ${position}`);
  add(rows.events, `${rows.checked} events`);
  add(rows.quarantine, `${aside.size} set aside`);
  add(rows.ids, `${rows.checked} ids`);
  add(rows.bots, bots.length === 0 ? 'none' : bots.join(', '));
  const checkpoints = new Findings('checkpoints');
  const consumers = database.prepare('SELECT consumer, position FROM checkpoints').all();
  add(checkpoints, checkCheckpoints(consumers as unknown as Checkpoint[], position, checkpoints));
  const snapshots = new Findings('snapshots');
  const kept = database.prepare('SELECT * FROM snapshots').all();
  add(snapshots, checkSnapshots(kept as unknown as Snapshot[], position, snapshots));
  add(commits.findings, commits.end(first, position));
  const ok = !findings.some(({ hasErrors }) => hasErrors);
  return { log: path, ok, first: 1, position, checks: results, vouched: commits.vouched };
}

function ends(database: DatabaseSync): { first: number; last: number } {
  const { first, last } =
    database.prepare('SELECT min(position) AS first, max(position) AS last FROM events').get() ?? {};
  return { first: Number(first ?? 1), last: Number(last ?? 0) };
}

function checkPages(database: DatabaseSync, findings: Findings): string {
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  try {
    for (const { integrity_check: message } of database.prepare('PRAGMA integrity_check(20)').all()) {
      if (message !== 'ok') findings.error(String(message));
    }
  } catch (error) {
    findings.error(messageOf(error));
  }
  return `${pages} pages`;
}

async function checkLive(
  database: DatabaseSync,
  segments: SqliteSegments,
  rows: RowChecks,
  { first, last }: { readonly first: number; readonly last: number },
  progress: (events: number) => void,
): Promise<void> {
  for (let from = first; from <= last; from += CHUNK) {
    const to = Math.min(last, from + CHUNK - 1);
    try {
      rows.check(segments.rows(from, to), 'live');
    } catch {
      checkOneByOne(segments, rows, from, to);
    }
    progress(to - from + 1);
    await turn();
  }
  const repeated = 'SELECT id, count(*) AS times FROM events GROUP BY id HAVING times > 1 LIMIT 20';
  try {
    for (const { id, times } of database.prepare(repeated).all()) {
      rows.ids.error(`Id ${String(id)} is in the log ${String(times)} times.`);
    }
  } catch (error) {
    rows.ids.error(`The ids can't be compared: ${messageOf(error)}.`);
  }
}

/** Finds those of some rows that can't be read. */
function checkOneByOne(segments: SqliteSegments, rows: RowChecks, from: number, to: number): void {
  for (let position = from; position <= to; position++) {
    try {
      rows.check(segments.damagedRows(position, position), 'live');
    } catch (error) {
      rows.events.error(`Position ${position} can't be read: ${messageOf(error)}.`);
      rows.skip(position);
    }
  }
}

/** As many ids as archived events, and each event's is among them: then no two are the same. */
function checkArchivedIds(database: DatabaseSync, rows: RowChecks): void {
  const kept = Number(database.prepare('SELECT count(*) AS ids FROM archived_ids').get()?.['ids']);
  if (kept === rows.checkedArchived) return;
  rows.ids.error(
    `${kept} ids of archived events are known, and ${rows.checkedArchived} archived events can be read.`,
  );
}
