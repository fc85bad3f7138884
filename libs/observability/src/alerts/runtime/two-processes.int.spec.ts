import { type EventLog, openPostgresEventLog } from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { ObservedProcess } from '../../testing/observed-process';
import { tripped } from '../testing/tripped';

describe('two processes on one log', () => {
  let server: PostgresServer;
  let slack: ProviderServer;
  let log: EventLog | undefined;
  const processes: ObservedProcess[] = [];

  beforeAll(async () => {
    server = await PostgresServer.start();
    slack = await startProviderServer();
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.end()));
    await log?.close();
    await slack.close();
    await server.remove();
  });

  async function start(writer: string): Promise<ObservedProcess> {
    const process = await ObservedProcess.start({
      eventLog: { kind: 'postgres', url: server.url, writer },
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
    });
    processes.push(process);
    return process;
  }

  async function succeeded(): Promise<number> {
    let found = 0;
    for await (const records of log?.read() ?? []) {
      found += records.filter(({ event }) => event.type === 'delivery.succeeded').length;
    }
    return found;
  }

  it('send each alert once, and go on when the one that sends is killed', async () => {
    const first = await start('one');
    await first.printed(/decides and sends/);
    const second = await start('two');
    log = await openPostgresEventLog({ url: server.url, readOnly: true });
    first.emit(tripped('A'));
    second.emit(tripped('B'));
    await eventually(async () => expect(await succeeded()).toBe(4)); // of the log channel and of Slack
    await first.end();
    second.emit(tripped('C'));
    await second.printed(/decides and sends/);
    await eventually(async () => expect(await succeeded()).toBe(6));
    expect(slack.requests.map(({ body }) => /tripped: ([ABC])/.exec(body)?.[1]).sort()).toEqual([
      'A',
      'B',
      'C',
    ]);
  });
});
