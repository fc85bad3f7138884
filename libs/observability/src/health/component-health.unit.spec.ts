import { EventLogError, type EventLogStatus } from '@opensqt/event-log';
import {
  alertsHealth,
  channelsHealth,
  eventLogHealth,
  heartbeatHealth,
  replayHealth,
} from './component-health';

const START = 1_700_000_000_000;
const AT_START = '2023-11-14T22:13:20.000Z';
describe('the health of the replay', () => {
  it.each([
    [{ state: 'running', position: 7 }, 'down', 'replaying the event log, at position 7'],
    [
      { state: 'running', position: 0, problem: 'no server' },
      'down',
      'the event log cannot be replayed and is tried again: no server',
    ],
    [{ state: 'failed', error: new Error('a gap') }, 'down', 'the event log could not be replayed: a gap'],
    [{ state: 'done', events: 3, from: 0 }, 'up', '3 events replayed at the start'],
    [
      { state: 'done', events: 3, from: 90 },
      'up',
      '3 events replayed at the start, after the snapshot at position 90',
    ],
  ] as const)('that is %j', (replay, status, reason) => {
    expect(replayHealth(replay)).toEqual({ status, reason });
  });
});

describe('the health of the event log', () => {
  const log: EventLogStatus = {
    ...{
      position: 9,
      queueDepth: 2,
      queueCapacity: 10,
      refused: 0,
      first: 1,
      writerRestarts: 0,
      lagMs: 0,
      appendMs: 0,
    },
  };
  const full = new EventLogError('LOG_WRITE_FAILED', 'the disk is full');
  const unarchived = new EventLogError('LOG_ARCHIVE_FAILED', 'archiving fails');
  const storage = { walBytes: 4_096, archivedThrough: 5 };
  const details = { position: 9, queueDepth: 2 };

  it.each<[string, EventLogStatus, object]>([
    ['is up while it is writable', log, { status: 'up', reason: 'writable', ...details }],
    ['shows its files', { ...log, storage }, { status: 'up', reason: 'writable', ...details, ...storage }],
    [
      'is down while it refuses',
      { ...log, failure: full },
      { status: 'down', reason: 'the disk is full', ...details },
    ],
    [
      'is down while a commit does not end',
      { ...log, lagMs: 30_001 },
      { status: 'down', reason: 'an event waits for its commit for 30 s', ...details },
    ],
    [
      'is degraded while its maintenance fails',
      { ...log, storage: { ...storage, failure: unarchived } },
      { status: 'degraded', reason: 'archiving fails', ...details, ...storage },
    ],
    [
      'is down while both fail',
      { ...log, failure: full, storage: { ...storage, failure: unarchived } },
      { status: 'down', reason: 'the disk is full', ...details, ...storage },
    ],
  ])('%s', (_, status, expected) => {
    expect(eventLogHealth(status)).toEqual(expected);
  });
});

describe('the health of the alerts', () => {
  it.each([
    [{ role: 'starting' }, 'degraded', 'waits for the replay of the event log', false],
    [{ role: 'leader' }, 'up', 'sends', true],
    [{ role: 'standby' }, 'up', 'stands by for whoever sends', false],
    [{ role: 'standby', holder: 'process 1 on a' }, 'up', 'stands by for process 1 on a', false],
    [{ role: 'standby', problem: 'no server' }, 'down', 'stands by and tries again: no server', false],
    [{ role: 'ended', reason: 'stopped' }, 'down', 'alerts do not run: stopped', false],
  ] as const)('that are %j', (alerts, status, reason, sends) => {
    expect(alertsHealth(alerts)).toEqual({ status, reason, sends });
  });

  it.each([
    [30_000, 'up', 'sends'],
    [30_001, 'down', 'sends, and is 7 events and 30 s behind'],
  ])('of a leader that is %d ms behind', (behindMs, status, reason) => {
    const decided = { position: 9, behind: 7, behindMs };
    expect(alertsHealth({ role: 'leader', decided })).toMatchObject({ status, reason });
  });
});

describe('the health of the channels', () => {
  it.each<[string, readonly string[], readonly string[], 'up' | 'degraded' | 'down', string]>([
    ['none broken', ['log', 'slack'], [], 'up', '2 in use'],
    ['one of several broken', ['log', 'slack', 'ntfy'], ['slack'], 'degraded', 'slack is broken: no_service'],
    ['the log alone', ['log'], [], 'up', '1 in use'],
    ['the log broken', ['log', 'slack'], ['log'], 'degraded', 'log is broken: no_service'],
    [
      'the only one beside the log broken',
      ['log', 'slack'],
      ['slack'],
      'down',
      'slack is broken: no_service',
    ],
    ['the only one broken', ['slack'], ['slack'], 'down', 'slack is broken: no_service'],
    [
      'all broken',
      ['log', 'slack'],
      ['slack', 'log'],
      'down',
      'slack is broken: no_service; log is broken: no_service',
    ],
  ])('with %s', (_, names, broken, status, reason) => {
    const why = new Map(broken.map((name) => [name, 'no_service']));
    const channels = { names, local: 'log', broken: why, proven: new Set<string>(), pending: 4 };
    expect(channelsHealth(channels)).toMatchObject({ status, reason, pendingDeliveries: 4 });
  });

  it('names those that nothing was delivered through since the start', () => {
    const broken = new Map([['slack', 'no_service']]);
    const channels = {
      names: ['log', 'slack', 'ntfy'],
      local: 'log',
      broken,
      proven: new Set(['log', 'slack']),
      pending: 0,
    };
    expect(channelsHealth(channels)['states']).toEqual({ log: 'works', slack: 'broken', ntfy: 'unproven' });
  });
});

describe('the health of the heartbeats', () => {
  it.each([
    [{ state: 'sent', lastSentAt: START }, 'up', 'the last one arrived', AT_START],
    [{ state: 'starting', reason: 'a replay', lastSentAt: undefined }, 'up', 'none yet: a replay', 'never'],
    [{ state: 'withheld', reason: 'a panic', lastSentAt: START }, 'degraded', 'withheld: a panic', AT_START],
    [
      { state: 'failed', reason: 'HTTP 500', lastSentAt: undefined },
      'degraded',
      'the last one did not arrive: HTTP 500',
      'never',
    ],
  ] as const)('that are %j', (report, status, reason, lastSentAt) => {
    expect(heartbeatHealth(report)).toEqual({ status, reason, lastSentAt });
  });
});
