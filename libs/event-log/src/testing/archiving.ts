import { Archiver, type ArchiveStep } from '../sqlite/archive/archiver';
import { openForWriting } from '../sqlite/database';
import { SqliteSegments } from '../sqlite/archive/sqlite-segments';

/** Archives all of a log that nobody has open, but for its newest event. */
export async function archiveAll(
  path: string,
  onStep?: (step: ArchiveStep) => void,
  folder = `${path}.archive`,
): Promise<void> {
  const database = openForWriting(path);
  try {
    const segments = new SqliteSegments(database, path);
    const clock = { now: () => Date.now() + 3_600_000 };
    const archiver = new Archiver(segments, { folder, retention: { maxAge: 0 }, clock, onStep });
    for (let live = segments.live(); live && live.first < live.last; live = segments.live()) {
      await archiver.run();
    }
  } finally {
    database.close();
  }
}
