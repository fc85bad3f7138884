import { describeEventLogContract } from '../testing/contract/event-log.contract';
import { readAll, stops, symbolsOf } from '../testing/sample-events';
import { MemoryEventLog } from './memory-event-log';

describeEventLogContract('memory', { open: async (options) => new MemoryEventLog(options) });

describe('the log in memory', () => {
  it('keeps the newest records only, at the positions they had', async () => {
    const log = new MemoryEventLog({ maxRecords: 3 });
    await log.append(stops(5));
    const records = await readAll(log);
    expect(records.map(({ position }) => position)).toEqual([3, 4, 5]);
    expect(symbolsOf(records)).toEqual(['SYM3', 'SYM4', 'SYM5']);
  });

  it('stamps commits with the clock it is given', async () => {
    const log = new MemoryEventLog({ clock: { now: () => 1_700_000_000_000 } });
    await log.append(stops(1));
    const [record] = await readAll(log);
    expect(record?.committedAt).toBe(1_700_000_000_000);
  });
});
