import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { ObservedProcess } from '../../testing/observed-process';

const stopped = (symbol: string) => createEvent('symbol.stopped', { symbol, reason: 'operator' });

describe('a log whose archive cannot be written', () => {
  let folder: string;
  let slack: ProviderServer;
  let observed: ObservedProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opensqt-watch-'));
    slack = await startProviderServer();
  });
  afterEach(async () => {
    await observed?.end('SIGKILL');
    await slack.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is alerted, with the reason, and resolved once archiving works again', async () => {
    const archivePath = join(folder, 'archive');
    await writeFile(archivePath, 'a file where the folder should be');
    observed = await ObservedProcess.start({
      eventLog: {
        kind: 'sqlite',
        path: join(folder, 'events.db'),
        retention: { maxAge: 1_000, archivePath },
      },
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
    });
    observed.emit(...['A', 'B', 'C'].map(stopped));
    const [raised] = await slack.received(1);
    expect(raised?.body).toContain('The event log cannot be kept small');
    expect(raised?.body).toContain(archivePath);
    await rm(archivePath);
    const [, resolved] = await slack.received(2);
    expect(resolved?.body).toContain('The event log is kept small again');
  });
});
