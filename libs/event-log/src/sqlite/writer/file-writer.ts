import { systemClock } from '@opensqt/trading-events';
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CommitChecksum, chained } from '../../engine/commit-checksum';
import type { EventRow } from '../../engine/event-codec';
import type { LogIdentity } from '../../engine/identity';
import { type CommitBatch, type Committed, type Envelope, SNAPSHOTS_KEPT } from '../../engine/log-store';
import type { LogSpace, LogStorage, Snapshot } from '../../event-log';
import { Archiver } from '../archive/archiver';
import { SqliteSegments } from '../archive/sqlite-segments';
import { chainEndOf } from '../commit-chain';
import { openForWriting } from '../database';
import { type FileIdentity, assertSameFile, identifyFile } from '../file-identity';
import { inTransaction } from '../transaction';
import { limitWal, walBytes, walPath } from '../wal';
import type { WriterThreadData } from './writer-messages';

/** Everything that is written to a log's file, by the one connection that writes. */
export class FileWriter {
  private readonly segments: SqliteSegments;
  private readonly archiver: Archiver | undefined;
  private readonly insertEvent: StatementSync;
  private readonly insertCommit: StatementSync;
  private readonly chainEnd: () => Uint8Array;
  private readonly moveCheckpoint: StatementSync;
  private readonly selectLast: StatementSync;
  private readonly identity: LogIdentity;
  /** The log's file. */
  readonly file: FileIdentity | undefined;
  private readonly wal: FileIdentity | undefined;
  private maintaining: Promise<LogStorage> | undefined;

  /** @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`, `LOG_FILE_GONE` when it is not the file of before */
  static open(data: WriterThreadData): FileWriter {
    if (data.file !== undefined) assertSameFile(data.path, data.file);
    return new FileWriter(openForWriting(data.path, data.identity.bot), data);
  }

  constructor(
    private readonly database: DatabaseSync,
    { path, archive, identity }: WriterThreadData,
  ) {
    this.identity = identity;
    this.file = identifyFile(path);
    this.wal = identifyFile(walPath(path));
    this.segments = new SqliteSegments(database, path);
    this.archiver = archive && new Archiver(this.segments, { ...archive, clock: systemClock });
    this.insertEvent = database.prepare(
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.insertCommit = database.prepare('INSERT INTO commits VALUES (?, ?, ?)');
    this.chainEnd = chainEndOf(database);
    this.moveCheckpoint = database.prepare(
      `INSERT INTO checkpoints VALUES (?, ?, ?)
       ON CONFLICT (bot, consumer) DO UPDATE SET position = max(position, excluded.position)`,
    );
    this.selectLast = database.prepare('SELECT max(position) AS position FROM events');
  }

  commit({ events, checkpoints, committedAt }: CommitBatch<Envelope>): Committed {
    this.assertSameFiles();
    return inTransaction(this.database, this.segments.path, () => {
      // Asked each time: a commit that reported a failure may have reached the disk all the same.
      const before = Number(this.selectLast.get()?.['position'] ?? 0);
      const checksum = new CommitChecksum();
      const repeats: number[] = [];
      let position = before;
      events.forEach(({ event, data }, index) => {
        const row = rowOf(event, data, {
          position: position + 1,
          committed_at: committedAt,
          ...this.identity,
        });
        if (this.isArchived(row.id) || !this.insert(row)) {
          repeats.push(index);
          return;
        }
        checksum.add(row);
        position += 1;
      });
      if (position > before)
        this.insertCommit.run(before + 1, position, chained(this.chainEnd(), checksum.digest()));
      for (const { consumer, position: reached } of checkpoints)
        this.moveCheckpoint.run(this.identity.bot, consumer, reached);
      return { position, repeats };
    });
  }

  saveSnapshot({ projection, version, position, state, checksum }: Snapshot, history?: number): void {
    const { database } = this;
    const { bot } = this.identity;
    const insert =
      'INSERT INTO snapshots (bot, projection, version, position, state, checksum) VALUES (?, ?, ?, ?, ?, ?)';
    const drop = `DELETE FROM snapshots WHERE bot = ?1 AND projection = ?2 AND sequence NOT IN (
      SELECT sequence FROM snapshots WHERE bot = ?1 AND projection = ?2
       ORDER BY sequence DESC LIMIT ${SNAPSHOTS_KEPT}
    ) AND sequence NOT IN (
      SELECT min(sequence) FROM snapshots WHERE bot = ?1 AND projection = ?2 AND version = ?3 AND ?4 > 0
       GROUP BY position / CAST(?4 AS INTEGER))`;
    inTransaction(database, this.segments.path, () => {
      database.prepare(insert).run(bot, projection, version, position, state, checksum);
      database.prepare(drop).run(bot, projection, version, history ?? 0);
    });
  }

  /** Archives what is due, if anything is to be, and limits the write-ahead log. */
  maintain(): Promise<LogStorage> {
    this.maintaining = this.maintainOnce();
    return this.maintaining;
  }

  /** Ends maintenance early and closes the file. */
  async close(): Promise<void> {
    this.archiver?.stop();
    await this.maintaining?.catch(() => undefined);
    this.database.close();
  }

  private async maintainOnce(): Promise<LogStorage> {
    const { database, segments } = this;
    this.assertSameFiles();
    await this.archiver?.run();
    limitWal(database, segments.path);
    const archivedThrough = segments.archivedThrough();
    return { space: spaceAround(segments.path), walBytes: walBytes(segments.path), archivedThrough };
  }

  private assertSameFiles(): void {
    const { path } = this.segments;
    if (this.file !== undefined) assertSameFile(path, this.file);
    if (this.wal !== undefined) assertSameFile(walPath(path), this.wal, true);
  }

  private isArchived(id: string): boolean {
    return this.segments.hasArchived && this.segments.holds(id);
  }

  /** False when the log holds an event of that id. */
  private insert(row: EventRow): boolean {
    const { position, id, type, version, source, occurred_at, causation_id, data, committed_at } = row;
    const rest = [source, occurred_at, causation_id, data, committed_at, row.bot, row.writer];
    return this.insertEvent.run(position, id, type, version, ...rest).changes !== 0;
  }
}

/** The room on the file system of that file. */
function spaceAround(path: string): LogSpace {
  const { bavail, blocks, bsize } = statfsSync(dirname(path));
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

function rowOf(
  event: Envelope,
  data: string,
  stored: Pick<EventRow, 'position' | 'committed_at' | 'bot' | 'writer'>,
): EventRow {
  const { id, type, version, source, occurredAt: occurred_at, causationId: causation_id = null } = event;
  return { ...stored, id, type, version, source, occurred_at, causation_id, data };
}
