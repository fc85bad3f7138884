import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { ObservedProcess } from '../../testing/observed-process';
import { tripped } from '../testing/tripped';

describe('delivery by a process that is killed with SIGKILL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-killed-'));
  let slack: ProviderServer;
  let child: ObservedProcess | undefined;

  afterEach(async () => {
    await child?.end();
    await slack.close();
    rmSync(folder, { recursive: true });
  });

  async function start(): Promise<ObservedProcess> {
    return (child = await ObservedProcess.start({
      eventLog: { kind: 'sqlite', path: join(folder, 'events.db') },
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
    }));
  }

  it('sends a message once more, marked, when it may have arrived, and a later one unmarked', async () => {
    slack = await startProviderServer();
    slack.hang().answer(200, 'ok');
    const first = await start();
    first.emit(tripped('A'));
    await slack.received(1);
    await first.end();

    (await start()).emit(tripped('LATER'));
    const [sent, ...later] = (await slack.received(3)).map(({ body }) => body);
    expect(sent).not.toMatch(/possible duplicate/i);
    expect(later.find((body) => body.includes('tripped: A'))).toMatch(/possible duplicate/i);
    expect(later.find((body) => body.includes('tripped: LATER'))).not.toMatch(/possible duplicate/i);
  });
});
