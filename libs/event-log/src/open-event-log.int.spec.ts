import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryEventLog } from './memory/memory-event-log';
import { openEventLog } from './open-event-log';
import { stops } from './testing/sample-events';

describe('opening the configured log', () => {
  it('keeps it in memory by default', async () => {
    const log = await openEventLog();
    expect(log).toBeInstanceOf(MemoryEventLog);
    await log.close();
  });

  it('opens a file, in a folder that it makes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'opensqt-log-'));
    const path = join(folder, 'deep', 'down', 'events.db');
    const log = await openEventLog({ kind: 'sqlite', path });
    await log.append(stops(2));
    await log.close();
    const again = await openEventLog({ kind: 'sqlite', path });
    expect(again.status().position).toBe(2);
    await again.close();
    await rm(folder, { recursive: true });
  });
});
