import { Archiver, type ArchiveStep } from '../sqlite/archive/archiver';
import { openForReading, openForWriting } from '../sqlite/database';
import { botsOf } from '../sqlite/schema';
import { SqliteSegments } from '../sqlite/archive/sqlite-segments';

/** Archives all of a log that nobody has open, but for its newest event. */
export async function archiveAll(
  path: string,
  onStep?: (step: ArchiveStep) => void,
  folder = `${path}.archive`,
): Promise<void> {
  const reader = openForReading(path);
  const [bot = ''] = botsOf(reader);
  reader.close();
  const database = openForWriting(path, bot);
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
