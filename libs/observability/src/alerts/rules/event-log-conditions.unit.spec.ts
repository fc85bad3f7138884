import { EventLogError, type EventLogStatus } from '@opensqt/event-log';
import { EVENT_LOG_CONDITIONS, type LogContext } from './event-log-conditions';

const well: EventLogStatus = {
  position: 10,
  queueDepth: 0,
  queueCapacity: 100,
  refused: 0,
  first: 1,
  writerRestarts: 0,
  lagMs: 0,
  appendMs: 1,
};
const NOW = 1_000_000;

const calm: LogContext = { now: NOW, refusedAt: undefined, minFreeBytes: undefined };

function holding(status: EventLogStatus, context: Partial<LogContext> = {}): readonly string[] {
  return EVENT_LOG_CONDITIONS.filter(({ holds }) => holds(status, { ...calm, ...context })).map(
    ({ condition }) => condition,
  );
}

describe('what can be wrong with the event log', () => {
  it('is nothing while events are written', () => {
    expect(holding({ ...well, queueDepth: 90, lagMs: 10_000 })).toEqual([]);
  });

  it('is the disk while it refuses, and not the lag that follows from it', () => {
    const failure = new EventLogError('LOG_WRITE_FAILED', 'The disk is full.');
    expect(holding({ ...well, lagMs: 60_000, failure })).toEqual(['event_log_unwritable']);
  });

  it('is a file that is gone, with what brings it back', () => {
    const failure = new EventLogError('LOG_FILE_GONE', 'events.db was deleted.');
    const waiting = new EventLogError('LOG_WRITE_FAILED', 'events.db was deleted.', { cause: failure });
    for (const status of [
      { ...well, failure },
      { ...well, failure: waiting },
    ]) {
      expect(holding(status)).toEqual(['event_log_unwritable']);
      const { message } = EVENT_LOG_CONDITIONS[0]?.raised(status, calm) ?? {};
      expect(message).toMatch(/^events\.db was deleted\. .*Bring the file back before you end the process/);
      expect(message).not.toContain('Free the disk');
    }
  });

  it('is a lag that lasts', () => {
    expect(holding({ ...well, lagMs: 10_001 })).toEqual(['event_log_behind']);
  });

  it('is a refusal, until none has come for half a minute', () => {
    expect(holding({ ...well, refused: 3 }, { refusedAt: NOW - 29_999 })).toEqual(['event_log_refusing']);
    expect(holding({ ...well, refused: 3 }, { refusedAt: NOW - 30_000 })).toEqual([]);
  });

  it('is an archive or a write-ahead log that cannot be written, while events still are', () => {
    const failure = new EventLogError('LOG_ARCHIVE_FAILED', 'The folder archive is not writable.');
    const storage = { walBytes: 0, archivedThrough: 0, failure };
    expect(holding({ ...well, storage })).toEqual(['event_log_upkeep_failing']);
    const { message } = EVENT_LOG_CONDITIONS.at(-1)?.raised({ ...well, storage }, calm) ?? {};
    expect(message).toMatch(/^The folder archive is not writable\. It is tried again/);
  });

  describe('is a file system without much room', () => {
    const withSpace = (freeBytes: number, totalBytes: number): EventLogStatus => ({
      ...well,
      storage: { walBytes: 0, archivedThrough: 0, space: { freeBytes, totalBytes } },
    });

    it('that is less than 1 GB of a large one, or 5 % of a small one', () => {
      expect(holding(withSpace(1e9, 500e9))).toEqual([]);
      expect(holding(withSpace(1e9 - 1, 500e9))).toEqual(['event_log_space']);
      expect(holding(withSpace(0.1e9, 2e9))).toEqual([]);
      expect(holding(withSpace(0.1e9 - 1, 2e9))).toEqual(['event_log_space']);
    });

    it('that is less than what was configured, whatever its size', () => {
      const context = { minFreeBytes: 20e9 };
      expect(holding(withSpace(20e9, 500e9), context)).toEqual([]);
      expect(holding(withSpace(20e9 - 1, 500e9), context)).toEqual(['event_log_space']);
      expect(holding(withSpace(2e9, 10e9), { minFreeBytes: 1e9 })).toEqual([]);
    });

    it('and says how much there is, beside the limit', () => {
      const space = EVENT_LOG_CONDITIONS.find(({ condition }) => condition === 'event_log_space');
      const message = (free: number): string | undefined =>
        space?.raised(withSpace(free, 500e9), calm).message;
      expect(message(812_340_000)).toMatch(/^0\.8 GB are free \(limit 1 GB\)\./);
      expect(message(1e9 - 1)).toMatch(/^999,999,999 bytes are free \(limit 1,000,000,000 bytes\)\./);
      expect(message(0)).toMatch(/^0 GB are free/);
    });

    it('and is nothing where that is not known', () => {
      expect(holding({ ...well, storage: { walBytes: 0, archivedThrough: 0 } })).toEqual([]);
    });
  });

  it('is sent with what the operator needs', () => {
    const messages = EVENT_LOG_CONDITIONS.map(
      ({ raised }) => raised({ ...well, queueDepth: 7, refused: 3, lagMs: 10_001 }, calm).message,
    );
    expect(messages[1]).toContain(
      '3 events were refused and are not in the log: 7 (limit 100) wait for the disk',
    );
    expect(messages[2]).toContain('The oldest of 7 waiting events has waited 10.001 s (limit 10 s)');
  });
});
