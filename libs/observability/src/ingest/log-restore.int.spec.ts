import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertLevel } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { AlertApplication } from '../alerts/delivery/testing/alert-application';

describe('a log that has events of another bot alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-restore-'));
  const path = join(folder, 'events.db');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is warned of at the start, with the bots whose events they are', async () => {
    const other = await AlertApplication.start({ path, name: 'p2' });
    await other.alerts.raise({ level: AlertLevel.Warning, title: 'a', message: '' });
    await other.stop();
    const own = await AlertApplication.start({ path, name: 'p1' });
    const warned = (): string | undefined => own.lines.find((line) => line.includes('None of the'));
    await eventually(() => expect(warned()).toBeDefined());
    await own.stop();
    expect(warned()).toMatch(/are of p1, which begins with nothing\. They are of p2\. /);
  });
});
