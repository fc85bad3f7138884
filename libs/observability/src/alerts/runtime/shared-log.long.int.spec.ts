import { hostname } from 'node:os';
import { type EventLog, openPostgresEventLog } from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import type { ObservabilityOptions } from '../../options/observability-options';
import { ObservedProcess } from '../../testing/observed-process';
import type { Alert } from '../model/alerts.state';
import { tripped } from '../testing/tripped';

const TOKEN = 'operator-token';

const filled = (symbol: string, number: number) =>
  createEvent('order.filled', {
    ...{ symbol, strategy: 'grid', orderId: `o${number}`, fillId: `f${number}`, side: 'buy' },
    ...{ price: '1', quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
  });

describe('two processes on one log', () => {
  let server: PostgresServer;
  let slack: ProviderServer;
  let log: EventLog;
  let schema = '';
  let count = 0;
  const processes: ObservedProcess[] = [];

  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());

  beforeEach(async () => {
    slack = await startProviderServer();
    count += 1;
    schema = `alerts_${count}`;
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.end('SIGKILL')));
    await log.close();
    await slack.close();
  });

  async function start(writer: string, bot: Partial<ObservabilityOptions> = {}): Promise<ObservedProcess> {
    const process = await ObservedProcess.start({
      eventLog: { kind: 'postgres', url: server.url, schema, writer },
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
      apiToken: TOKEN,
      ...bot,
    });
    processes.push(process);
    return process;
  }

  /** The first holds the lease before the second comes. */
  async function startBoth(): Promise<readonly [ObservedProcess, ObservedProcess]> {
    const first = await start('one');
    await first.printed(/decides and sends/);
    log = await openPostgresEventLog({ url: server.url, schema, readOnly: true });
    return [first, await start('two')];
  }

  async function alertsOf(process: ObservedProcess): Promise<readonly Alert[]> {
    return (await process.request('/alerts')).body as readonly Alert[];
  }

  /** The series that follow from the log, without what each process measures itself. */
  async function pageOf(process: ObservedProcess): Promise<string> {
    const { body } = await process.request('/metrics');
    const own = /^market_maker_(event_log|event_age|events_rejected|alerts_sender)/;
    return String(body)
      .split('\n')
      .filter((line) => line.startsWith('market_maker_') && !own.test(line))
      .sort()
      .join('\n');
  }

  async function logged(type: string): Promise<number> {
    let found = 0;
    for await (const records of log.read())
      found += records.filter(({ event }) => event.type === type).length;
    return found;
  }

  it('show the same on their pages, before and after a restart of one', async () => {
    const [first, second] = await startBoth();
    first.emit(filled('A', 1), filled('A', 2), tripped('A'));
    second.emit(filled('B', 3), tripped('B'));
    const whole =
      /alerts_raised_total{[^}]*} 2\n[^]*volume_total{symbol="A"} 2\n.*volume_total{symbol="B"} 1$/;
    await eventually(async () => whole.test(await pageOf(first)) && whole.test(await pageOf(second)));
    await eventually(async () => expect(await logged('delivery.succeeded')).toBe(4));
    await eventually(async () => expect(await pageOf(first)).toBe(await pageOf(second)));
    const before = await pageOf(first);
    await second.end('SIGKILL');
    const again = await start('two');
    await eventually(async () => expect(await pageOf(again)).toBe(before));
    expect(await pageOf(first)).toBe(before);
  });

  it('27: tell each alert once, whichever of them states what it follows from', async () => {
    const [first, second] = await startBoth();
    await second.printed(new RegExp(`sent by process ${first.pid} on .*; this process stands by`));
    first.emit(...['A1', 'A2', 'A3'].map(tripped));
    second.emit(...['B1', 'B2', 'B3'].map(tripped));
    await slack.received(6);
    await eventually(async () => expect(await logged('delivery.succeeded')).toBe(12)); // the log channel's and Slack's
    expect(await logged('alert.raised')).toBe(6);
    const told = slack.requests.map(({ body }) => /[AB][123]/.exec(body)?.[0]);
    expect(told.sort()).toEqual(['A1', 'A2', 'A3', 'B1', 'B2', 'B3']);
    await eventually(async () => expect(await alertsOf(second)).toHaveLength(6));
    expect(await alertsOf(first)).toEqual(await alertsOf(second));
    expect(second.output).not.toContain('CRITICAL');
    expect((await first.request('/health')).body).toMatchObject({
      details: { alerts: { status: 'up', reason: 'sends', sends: true } },
    });
    expect((await second.request('/health')).body).toMatchObject({
      details: { alerts: { status: 'up', reason: `stands by for process ${first.pid} on ${hostname()}` } },
    });
    const pages = await Promise.all([first, second].map((process) => process.request('/metrics')));
    expect(pages.map(({ body }) => /^market_maker_alerts_sender (.)$/m.exec(String(body))?.[1])).toEqual([
      '1',
      '0',
    ]);
  });

  it('go on with the schedule of the one that was killed, and mark what may have arrived', async () => {
    slack.answer(503).hang().answer(200, 'ok');
    const [first, second] = await startBoth();
    first.emit(tripped('A'));
    await slack.received(2); // refused once, then in flight
    await first.end('SIGKILL');
    second.emit(tripped('B'));
    await second.printed(/decides and sends/);
    const bodies = (await slack.received(4)).slice(2).map(({ body }) => body);
    expect(bodies.find((body) => body.includes('tripped: A'))).toMatch(/possible duplicate/i);
    expect(bodies.find((body) => body.includes('tripped: B'))).not.toMatch(/possible duplicate/i);
    await eventually(async () => expect(await logged('delivery.succeeded')).toBe(4));
    expect(slack.requests).toHaveLength(4);
  });

  it('27: go on when the one that sends stands still, which sends and records no more when it wakes', async () => {
    const [first, second] = await startBoth();
    slack.hang().answer(200, 'ok');
    first.emit(tripped('A'));
    await slack.received(1); // in flight
    first.signal('SIGSTOP');
    second.emit(tripped('B'));
    await second.printed(/decides and sends/);
    const bodies = (await slack.received(3)).slice(1).map(({ body }) => body);
    expect(bodies.find((body) => body.includes('tripped: A'))).toMatch(/possible duplicate/i);
    expect(bodies.find((body) => body.includes('tripped: B'))).not.toMatch(/possible duplicate/i);
    first.signal('SIGCONT');
    await first.printed(/sends no alerts any more/);
    first.emit(tripped('C'));
    expect((await slack.received(4))[3]?.body).toContain('tripped: C');
    await eventually(async () => expect(await logged('delivery.succeeded')).toBe(6));
    expect(slack.requests).toHaveLength(4);
    expect(await logged('delivery.abandoned')).toBe(0);
    expect(await alertsOf(first)).toEqual(await alertsOf(second));
  });

  it('take over at once from one that ends in order', async () => {
    const [first, second] = await startBoth();
    slack.answer(503).answer(200, 'ok');
    first.emit(tripped('A'));
    await slack.received(1);
    await first.end('SIGTERM');
    await second.printed(/decides and sends/);
    await eventually(async () => expect(await logged('delivery.succeeded')).toBe(2));
    expect(slack.requests.at(-1)?.body).not.toMatch(/possible duplicate/i);
    expect(slack.requests).toHaveLength(2);
  });

  it('take orders at either of them', async () => {
    const [first, second] = await startBoth();
    first.emit(tripped('A'));
    await eventually(async () => expect(await alertsOf(second)).toHaveLength(1));
    const [alert] = await alertsOf(second);
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const post = (path: string, body: object) =>
      second.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(await post(`/alerts/${alert?.id}/acknowledge`, { by: 'eve' })).toMatchObject({
      status: 200,
      body: { acknowledgedBy: 'token' },
    });
    await eventually(async () => expect((await alertsOf(first))[0]?.acknowledgedBy).toBe('token'));
    const silence = { matchers: { scope: 'B' }, duration: 600_000, reason: 'maintenance', by: 'eve' };
    expect((await post('/alerts/silences', silence)).status).toBe(201);
    await eventually(async () => expect((await first.request('/alerts/silences')).body).toHaveLength(1));
    second.emit(tripped('B'), tripped('C'));
    await eventually(async () => slack.requests.some(({ body }) => body.includes('tripped: C')));
    expect(slack.requests.map(({ body }) => /tripped: ([ABC])/.exec(body)?.[1])).toEqual(['A', 'C']);
  });

  /** Two bots, each with a standby: which of the four lead and notify while one of them is killed. */
  const KILLS = [
    { killed: 'a1', leaders: ['a2', 'b1'], notified: { a: ['a2'], b: ['b1', 'b2'] } },
    { killed: 'a2', leaders: ['a1', 'b1'], notified: { a: ['a1'], b: ['b1', 'b2'] } },
    { killed: 'b1', leaders: ['a1', 'b2'], notified: { a: ['a1', 'a2'], b: ['b2'] } },
    { killed: 'b2', leaders: ['a1', 'b1'], notified: { a: ['a1', 'a2'], b: ['b1'] } },
  ] as const;
  type Writer = (typeof KILLS)[number]['killed'];
  const botOf = (writer: Writer): 'a' | 'b' => (writer.startsWith('a') ? 'a' : 'b');

  it('27: of two bots notify of their own bot alone, by its leader, while each of the four is killed and comes back', async () => {
    const hooks = { a: await startProviderServer(), b: await startProviderServer() };
    const running = new Map<Writer, ObservedProcess>();
    const startWriter = async (writer: Writer): Promise<void> => {
      const bot = botOf(writer);
      const alerts = { webhook: { enabled: true, url: `${hooks[bot].url}/hook` } };
      running.set(writer, await start(writer, { name: `mm-${bot}`, alerts }));
    };
    const emitFrom = (writer: Writer, what: string): void =>
      running.get(writer)?.emit(tripped(`${what}-${writer}`));
    const leaders = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for (const [writer, process] of running) {
        const { body } = await process.request('/metrics');
        if (/^market_maker_alerts_sender 1$/m.test(String(body))) found.push(writer);
      }
      return found.sort();
    };
    const expected = { a: [] as string[], b: [] as string[] };
    const notified = (bot: 'a' | 'b') =>
      hooks[bot].requests.map(({ body }) => /tripped: ([\w-]+)/.exec(body)?.[1] ?? body);
    const everyoneIsNotified = (): Promise<void> =>
      eventually(async () => {
        for (const bot of ['a', 'b'] as const)
          expect([...notified(bot)].sort()).toEqual([...expected[bot]].sort());
        const messages = expected.a.length + expected.b.length;
        expect(await logged('delivery.succeeded')).toBe(2 * messages); // the log channel's and the webhook's
      });

    for (const writer of ['a1', 'b1', 'a2', 'b2'] as const) {
      await startWriter(writer);
      await eventually(async () => expect((await leaders()).join()).toMatch(/^a1(,b1)?$/));
    }
    log = await openPostgresEventLog({ url: server.url, schema, readOnly: true });
    for (const { killed, leaders: leading, notified: by } of KILLS) {
      await running.get(killed)?.end('SIGKILL');
      running.delete(killed);
      await eventually(async () => expect(await leaders()).toEqual(leading));
      for (const writer of running.keys()) emitFrom(writer, `without-${killed}`);
      for (const bot of ['a', 'b'] as const)
        expected[bot].push(...by[bot].map((writer) => `without-${killed}-${writer}`));
      await everyoneIsNotified();
      await startWriter(killed);
      emitFrom(killed, 'back');
      expected[botOf(killed)].push(`back-${killed}`);
      await everyoneIsNotified();
      expect(await leaders()).toEqual(leading);
    }
    for (const bot of ['a', 'b'] as const) {
      const scopes = await Promise.all(
        [1, 2].map(async (number) => {
          const process = running.get(`${bot}${number}` as Writer);
          return process && (await alertsOf(process)).map(({ labels }) => labels['scope']).sort();
        }),
      );
      expect(scopes).toEqual([[...expected[bot]].sort(), [...expected[bot]].sort()]);
    }
    await Promise.all([hooks.a.close(), hooks.b.close()]);
  });

  it('have one sender again after the database was away', async () => {
    const [first, second] = await startBoth();
    await server.stop();
    await first.printed(/sends no alerts any more/);
    first.emit(tripped('A'));
    second.emit(tripped('B'));
    await server.start();
    const told = new Set<string | undefined>();
    await eventually(() => {
      for (const { body } of slack.requests) told.add(/tripped: ([AB])/.exec(body)?.[1]);
      return told.has('A') && told.has('B');
    });
    await eventually(async () => expect(await logged('delivery.succeeded')).toBeGreaterThanOrEqual(4));
    expect(slack.requests.filter(({ body }) => /tripped: [AB]/.test(body))).toHaveLength(2);
    const sends = await Promise.all(
      [first, second].map(async (process) => JSON.stringify((await process.request('/health')).body)),
    );
    expect(sends.filter((health) => health.includes('"sends":true'))).toHaveLength(1);
  });
});
