import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveStep } from '../sqlite/archive/archiver';
import { filledLog, segmentFilesOf, usingLog } from './archived-log';
import { archiveAll } from './archiving';
import { positions, readAll, stops } from './sample-events';
import { startSource } from './source-process';

const ARCHIVING = join(__dirname, 'archiving-process.ts');

/** Expectations of a process that is killed right after those steps, each as often as said. */
export function describeKillsWhileArchiving(moments: readonly (readonly [ArchiveStep, number])[]): void {
  describe('a process that is killed while it archives', () => {
    let folder: string;
    let path: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'opensqt-archive-'));
      path = join(folder, 'events.db');
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it.each(moments)('loses nothing and repeats nothing: after %s, time %d', async (step, times) => {
      const before = await filledLog(path, 4_500);
      const child = startSource(ARCHIVING, [path, step, String(times)]);
      expect({ ...(await child.ended()), output: child.output }).toMatchObject({
        signal: 'SIGKILL',
        output: '',
      });

      expect(await usingLog(path, (log) => readAll(log), true)).toEqual(before);
      await usingLog(path, async (log) => {
        await log.append([...before.map(({ event }) => event), ...stops(1, 'NEXT')]);
        expect(log.status().position).toBe(4_501);
      });
      await archiveAll(path);
      await usingLog(path, async (log) => {
        const records = await readAll(log);
        expect(records.slice(0, 4_500)).toEqual(before);
        expect(records.map(({ position }) => position)).toEqual(positions(4_501));
      });
      const left = await segmentFilesOf(path);
      expect(left.filter((file) => file.endsWith('.tmp'))).toEqual([]);
    });
  });
}
