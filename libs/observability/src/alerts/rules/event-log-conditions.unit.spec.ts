import { EventLogError, type EventLogStatus } from '@opensqt/event-log';
import { EVENT_LOG_CONDITIONS } from './event-log-conditions';

const well: EventLogStatus = {
  position: 10,
  queueDepth: 0,
  queueCapacity: 100,
  refused: 0,
  writerRestarts: 0,
  lagMs: 0,
  appendMs: 1,
};
const NOW = 1_000_000;

function holding(status: EventLogStatus, refusedAt?: number): readonly string[] {
  return EVENT_LOG_CONDITIONS.filter(({ holds }) => holds(status, NOW, refusedAt)).map(
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

  it('is a lag that lasts', () => {
    expect(holding({ ...well, lagMs: 10_001 })).toEqual(['event_log_behind']);
  });

  it('is a refusal, until none has come for half a minute', () => {
    expect(holding({ ...well, refused: 3 }, NOW - 29_999)).toEqual(['event_log_refusing']);
    expect(holding({ ...well, refused: 3 }, NOW - 30_000)).toEqual([]);
  });

  it('is an archive or a write-ahead log that cannot be written, while events still are', () => {
    const failure = new EventLogError('LOG_ARCHIVE_FAILED', 'The folder archive is not writable.');
    const storage = { walBytes: 0, archivedThrough: 0, failure };
    expect(holding({ ...well, storage })).toEqual(['event_log_upkeep_failing']);
    const { message } = EVENT_LOG_CONDITIONS.at(-1)?.raised({ ...well, storage }) ?? {};
    expect(message).toMatch(/^The folder archive is not writable\. It is tried again/);
  });

  it('is told with what the operator needs', () => {
    const messages = EVENT_LOG_CONDITIONS.map(
      ({ raised }) => raised({ ...well, queueDepth: 7, refused: 3 }).message,
    );
    expect(messages[1]).toContain(
      '3 events were refused and are not in the log: 7 of at most 100 are waiting',
    );
    expect(messages[2]).toContain('The oldest of 7 waiting events has waited 0 s');
  });
});
