import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import type { CommitBatch, Committed } from './log-store';
import { backoffMs } from './backoff';
import { groupCommits } from './group-commit';
import { identityOf } from './identity';
import { MemoryStore } from '../memory/memory-event-log';
import { StoredEventLog } from './stored-event-log';
import { positions, readAll, stops } from '../testing/sample-events';

const identity = identityOf({});

/** A store whose transactions can be made to fail, before or after they took effect. */
class UnreliableStore extends MemoryStore {
  fails: 'never' | 'before' | 'after' = 'never';
  readonly batches: number[] = [];

  constructor() {
    super(1_000_000, identity);
  }

  override commit(batch: CommitBatch): Committed {
    if (this.fails === 'before') throw new Error('no such luck');
    this.batches.push(batch.events.length);
    const commit = super.commit(batch);
    if (this.fails === 'after') throw new Error('who knows');
    return commit;
  }
}

describe('group commit', () => {
  let store: UnreliableStore;
  let log: EventLog;

  beforeEach(() => {
    store = new UnreliableStore();
    log = new StoredEventLog(store, 0, { identity, writer: groupCommits(store) });
  });

  afterEach(() => {
    store.fails = 'never';
    return log.close();
  });

  it('commits what was handed over in one turn together, and large amounts in several transactions', async () => {
    await Promise.all(stops(1_500).map((event) => log.append([event])));
    await Promise.all(stops(2_500).map((event) => log.append([event])));
    expect(store.batches).toEqual([1_500, 2_000, 500]);
  });

  it('never splits what was handed over in one call', async () => {
    await Promise.all([log.append(stops(1_900)), log.append(stops(2_300)), log.append(stops(5))]);
    expect(store.batches).toEqual([1_900, 2_300, 5]);
  });

  it('tries a failed transaction again until it succeeds, and reports the failure meanwhile', async () => {
    store.fails = 'before';
    const appended = log.append(stops(3), { consumer: 'alerts', position: 3 });
    await eventually(() => expect(log.status().failure).toBeDefined());
    expect(log.status().failure?.message).toBe(
      'no such luck. 3 events are waiting; they are kept and tried again.',
    );
    expect(await log.checkpoint('alerts')).toBe(0);
    store.fails = 'never';
    await appended;
    expect(log.status().failure).toBeUndefined();
    expect(await log.checkpoint('alerts')).toBe(3);
  });

  it('tries again at once when it is flushed', async () => {
    store.fails = 'before';
    const appended = log.append(stops(3));
    await expect(log.flush()).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    store.fails = 'never';
    await log.flush();
    await appended;
  });

  it('records nothing twice, and hides nothing from subscribers, when a commit failed after it took effect', async () => {
    const seen: number[] = [];
    const subscription = log.subscribe(1, (records) => void seen.push(...records.map((r) => r.position)));
    await log.append(stops(2));
    store.fails = 'after';
    const appended = log.append(stops(3));
    await eventually(() => expect(log.status().failure).toBeDefined());
    store.fails = 'never';
    await appended;
    await log.append(stops(1));
    await subscription.caughtUp();
    expect(seen).toEqual(positions(6));
    expect(await readAll(log)).toHaveLength(6);
  });
});

it('waits 100 ms after the first failure, twice as long each time, and 5 s at most', () => {
  expect([1, 2, 3, 6, 7, 2_000].map(backoffMs)).toEqual([100, 200, 400, 3_200, 5_000, 5_000]);
});
