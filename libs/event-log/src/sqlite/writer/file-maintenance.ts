import { systemClock } from '@opensqt/trading-events';
import type { DatabaseSync } from 'node:sqlite';
import { Archiver } from '../archive/archiver';
import type { SqliteSegments } from '../archive/sqlite-segments';
import type { LogStorage } from '../../event-log';
import { limitWal, walBytes } from '../wal';
import type { WriterThreadData } from './writer-messages';

/** Archives what is due, if anything is to be, and limits the write-ahead log. */
export class FileMaintenance {
  private readonly archiver: Archiver | undefined;
  private archived: number;

  constructor(
    private readonly database: DatabaseSync,
    private readonly segments: SqliteSegments,
    archive: WriterThreadData['archive'],
  ) {
    this.archiver = archive && new Archiver(segments, { ...archive, clock: systemClock });
    this.archived = segments.archivedThrough();
  }

  /** Last position that is archived; 0 while none is. */
  get archivedThrough(): number {
    return this.archived;
  }

  async run(): Promise<LogStorage> {
    const { database, segments } = this;
    try {
      await this.archiver?.run();
    } finally {
      this.archived = segments.archivedThrough();
    }
    limitWal(database, segments.path);
    return { walBytes: walBytes(segments.path), archivedThrough: this.archived };
  }

  /** Ends a run early. */
  stop(): void {
    this.archiver?.stop();
  }
}
