import type { DatabaseSync } from 'node:sqlite';
import { Archiver } from '../archive/archiver';
import { systemClock } from '@opensqt/trading-events';
import type { LogStorage } from '../../event-log';
import type { SqliteSegments } from '../archive/sqlite-segments';
import { keepWalShort, walBytes } from '../wal';
import type { WriterUpkeep } from './writer-loop';
import type { WriterThreadData } from './writer-messages';

/** Archives what is due, if anything is to be, and keeps the write-ahead log short. */
export class FileUpkeep implements WriterUpkeep {
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
    keepWalShort(database, segments.path);
    return { walBytes: walBytes(segments.path), archivedThrough: this.archived };
  }

  stop(): void {
    this.archiver?.stop();
  }
}
