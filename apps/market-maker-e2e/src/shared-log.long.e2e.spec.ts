import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type EventLog, openPostgresEventLog } from '@opensqt/event-log';
import { PASSWORD, PostgresServer } from '@opensqt/event-log/testing';
import type { AnyEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type MarketMakerProcess, Workplace } from './testing/market-maker-process';

interface Message {
  readonly id: string;
  readonly fingerprint: string;
  readonly possibleDuplicate: boolean;
}

/** The receiver of the alerts, and what it was sent. */
class Receiver {
  readonly messages: Message[] = [];
  private readonly server = createServer((request, response) => {
    void text(request).then((body) => {
      this.messages.push(JSON.parse(body) as Message);
      response.writeHead(200).end();
    });
  });

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/alerts`;
  }

  /** The number of messages about that exchange. */
  messagesOf(exchange: string): number {
    return this.messages.filter(({ fingerprint }) => fingerprint.includes(exchange)).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

describe('two market makers on one log in PostgreSQL', () => {
  let server: PostgresServer;
  let workplace: Workplace;
  let observer: EventLog | undefined;

  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  beforeEach(() => {
    workplace = new Workplace();
  });
  afterEach(async () => {
    await observer?.close();
    await workplace.clear();
  });
  afterAll(() => server.remove());

  function start(symbol: string): Promise<MarketMakerProcess> {
    const configuration = {
      event_log: { kind: 'postgres', url: '${DATABASE_URL}', writer: `mm-${symbol}` },
      exchange: { name: `paper-${symbol}`, speed: 600, seed: 1 },
      symbols: [{ symbol }],
    };
    return workplace.start(configuration, { DATABASE_URL: server.url });
  }

  it('trade beside each other, one of them through a kill -9, and an observer sees every event once, in order', async () => {
    const first = await start('BTCUSDT');
    await first.answering();
    const second = await start('ETHUSDT');
    await second.answering();
    observer = await openPostgresEventLog({ url: server.url, readOnly: true });
    const seen: { readonly position: number; readonly event: AnyEvent }[] = [];
    observer.subscribe(1, (records) => void seen.push(...records));
    const filled = (symbol: string): number =>
      seen.filter(({ event }) => event.type === 'order.filled' && event.data.symbol === symbol).length;
    await eventually(() => filled('BTCUSDT') >= 10 && filled('ETHUSDT') >= 10);

    await first.end('SIGKILL');
    const before = { btc: filled('BTCUSDT'), eth: filled('ETHUSDT') };
    await eventually(() => expect(filled('ETHUSDT')).toBeGreaterThanOrEqual(before.eth + 10));
    const again = await start('BTCUSDT');
    await again.answering();
    await eventually(() => expect(filled('BTCUSDT')).toBeGreaterThanOrEqual(before.btc + 10));

    expect(await again.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const lines = (await workplace.command('events', '--log', server.url)).trimEnd().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as { position: number; id: string });
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(logged.length));
    expect(seen.map(({ position, event }) => [position, event.id])).toEqual(
      logged.map(({ position, id }) => [position, id]),
    );
    expect(logged.map(({ position }) => position)).toEqual(logged.map((_, i) => i + 1));
    expect(new Set(logged.map(({ id }) => id)).size).toBe(logged.length);
    expect(await workplace.command('replay', '--log', server.url)).toContain(
      `market_maker_event_log_position ${logged.length}`,
    );
    for (const { output } of [first, again, second]) {
      expect(output).not.toContain(PASSWORD);
      expect(output).not.toContain(encodeURIComponent(PASSWORD));
    }
  });

  it('27: send each message once, and those of one that is killed are sent by the other', async () => {
    const receiver = new Receiver();
    const url = await receiver.listen();
    const startSending = (symbol: string, seed: number): Promise<MarketMakerProcess> =>
      workplace.start(
        {
          event_log: { kind: 'postgres', url: '${DATABASE_URL}', writer: `mm-${symbol}`, schema: 'sending' },
          exchange: { name: `paper-${seed}`, speed: 3_600, seed },
          symbols: [{ symbol }],
          alerts: { webhook: { enabled: true, url }, burst: 100 },
        },
        { DATABASE_URL: server.url },
      );
    const first = await startSending('BTCUSDT', 1);
    await first.printed('decides and sends');
    const second = await startSending('ETHUSDT', 2);
    await second.answering();
    await second.eventually(() => receiver.messagesOf('paper-2') > 0);
    expect(await first.metric('market_maker_alerts_sender')).toBe(1);
    expect(await second.metric('market_maker_alerts_sender')).toBe(0);

    await first.end('SIGKILL');
    const before = receiver.messagesOf('paper-2');
    await second.printed('decides and sends');
    await second.eventually(() => receiver.messagesOf('paper-2') > before);
    expect(await second.metric('market_maker_alerts_sender')).toBe(1);
    // What the kill cut short waits for its second attempt; a stop would leave it to the next start.
    await second.eventually(async () => (await second.get('/health')).text.includes('"pendingDeliveries":0'));
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await receiver.close();

    observer = await openPostgresEventLog({ url: server.url, schema: 'sending', readOnly: true });
    const requested = new Set<string>();
    const ended: string[] = [];
    const abandoned: string[] = [];
    for await (const records of observer.read()) {
      for (const { event } of records) {
        if (event.type === 'delivery.requested' && event.data.channel === 'webhook')
          requested.add(event.data.deliveryId);
        if (event.type === 'delivery.succeeded' && event.data.channel === 'webhook')
          ended.push(event.data.deliveryId);
        if (event.type === 'delivery.abandoned') abandoned.push(event.data.deliveryId);
      }
    }
    // What was in flight at the kill may have arrived; only an INFO is then not sent again.
    expect(abandoned.length).toBeLessThanOrEqual(1);
    expect(new Set([...ended, ...abandoned])).toEqual(requested);
    expect(ended).toHaveLength(requested.size - abandoned.length);
    const unmarked = receiver.messages.filter(({ possibleDuplicate }) => !possibleDuplicate);
    expect(new Set(unmarked.map(({ id }) => id)).size).toBe(unmarked.length);
  });

  it('refuses to be started twice under one name, and names the process that holds it', async () => {
    const first = await start('BTCUSDT');
    await first.answering();
    const twin = await start('BTCUSDT');
    expect(await twin.ended()).toEqual({ code: 1, signal: null });
    expect(twin.output).toContain("is being written under the name 'mm-BTCUSDT' by process");
    expect(twin.output).not.toContain(encodeURIComponent(PASSWORD));
  });
});
