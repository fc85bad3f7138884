import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '@opensqt/event-log';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import {
  type ProviderServer,
  TELEGRAM_OK,
  startProviderServer,
} from '../../channels/testing/provider-server';
import type { ObservabilityOptions } from '../../options/observability-options';
import { ObservedProcess } from '../../testing/observed-process';
import { chatsAt, secretsIn } from './testing/provider-secrets';
import { tripped } from '../testing/tripped';

const reset = (scope: string) => createEvent('circuit_breaker.reset', { scope, by: 'operator' });
const MARK = /possible duplicate/i;

describe('delivery by a process that is killed with SIGKILL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-killed-'));
  let everythingSaid = '';
  let slack: ProviderServer;
  let telegram: ProviderServer;
  let child: ObservedProcess | undefined;
  let path: string;
  let cases = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    telegram = await startProviderServer();
    telegram.answer(200, TELEGRAM_OK);
    path = join(folder, `${(cases += 1)}.db`);
  });
  afterEach(async () => {
    await kill();
    await slack.close();
    await telegram.close();
    for (const file of [path, `${path}-wal`]) {
      if (existsSync(file)) everythingSaid += readFileSync(file, 'latin1');
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(output: 'pipe' | number = 'pipe'): Promise<ObservedProcess> {
    const options: ObservabilityOptions = {
      eventLog: { kind: 'sqlite', path },
      alerts: { ...chatsAt(slack.url, telegram.url), exchangeDisconnect: { persistentAfter: 1_000 } },
    };
    return (child = await ObservedProcess.start(options, output));
  }

  async function kill(): Promise<void> {
    await child?.end();
    everythingSaid += child?.output ?? '';
    child = undefined;
  }

  /** The facts about Slack's messages in the log on disk. */
  async function logged(): Promise<
    readonly { type: string; nextAttemptAt?: number; pausedUntil?: number }[]
  > {
    const log = await openSqliteEventLog({ path, readOnly: true });
    const found: { type: string; nextAttemptAt?: number; pausedUntil?: number }[] = [];
    for await (const records of log.read()) {
      for (const { event } of records) {
        const { type, data } = event;
        if (type.startsWith('delivery.') && 'channel' in data && data.channel === 'slack') {
          found.push(type === 'delivery.failed' ? { type, ...event.data } : { type });
        }
      }
    }
    await log.close();
    return found;
  }

  async function untilLogged(type: string, count = 1): Promise<void> {
    await eventually(async () => (await logged()).filter((step) => step.type === type).length >= count);
  }

  /** The time at which the attempt after the last that failed is due. */
  async function lastFailure(): Promise<number> {
    return (await logged()).findLast(({ nextAttemptAt }) => nextAttemptAt !== undefined)?.nextAttemptAt ?? 0;
  }

  /** Appends what happened while the process was down, as another process on the log would. */
  async function whileDown(...events: readonly TradingEvent[]): Promise<void> {
    const log = await openSqliteEventLog({ path });
    await log.append(events);
    await log.close();
  }

  it('1: killed before the request, a message is sent once after the restart, unmarked', async () => {
    slack.answer(429, '', { 'retry-after': '4' }).answer(200, 'ok');
    await start();
    child?.emit(tripped('A'));
    await untilLogged('delivery.failed');
    child?.emit(tripped('B'));
    await untilLogged('delivery.requested', 2);
    await kill();
    const before = await logged();
    expect(before.filter(({ type }) => type === 'delivery.started')).toHaveLength(1);

    await start();
    await untilLogged('delivery.succeeded', 2);
    const [, ...sent] = slack.requests;
    expect(sent.map(({ body }) => /tripped: [AB]/.exec(body)?.[0]).sort()).toEqual([
      'tripped: A',
      'tripped: B',
    ]);
    expect(sent.filter(({ body }) => MARK.test(body))).toEqual([]);
    const pausedUntil = before.find((step) => step.pausedUntil !== undefined)?.pausedUntil ?? Infinity;
    expect(sent[0]?.receivedAt).toBeGreaterThanOrEqual(pausedUntil - 10);
  });

  it('2: killed between the request and its record, a message is sent once more, marked', async () => {
    slack.hang().answer(200, 'ok');
    await start();
    child?.emit(tripped('global'));
    await slack.received(1);
    await kill();

    await start();
    child?.emit(tripped('LATER'));
    await untilLogged('delivery.succeeded', 2);
    const bodies = slack.requests.map(({ body }) => body);
    const about = bodies.filter((body) => !body.includes('LATER'));
    expect(about.map((body) => MARK.test(body))).toEqual([false, true]);
    expect(bodies.filter((body) => body.includes('LATER') && MARK.test(body))).toEqual([]);
  });

  it('2: killed in each of its attempts, a message still goes out, marked', async () => {
    slack.hang().hang().hang().answer(200, 'ok');
    for (const attempt of [1, 2, 3]) {
      await start();
      if (attempt === 1) child?.emit(tripped('global'));
      await slack.received(attempt);
      await kill();
    }
    await start();
    await untilLogged('delivery.succeeded');
    expect(slack.requests.map(({ body }) => MARK.test(body))).toEqual([false, true, true, true]);
  });

  it('3: killed during backoff, the schedule goes on: not before its time, with the attempts counted', async () => {
    slack.answer(503);
    await start();
    child?.emit(tripped('global'));
    await eventually(async () => expect(await lastFailure()).toBeGreaterThan(Date.now() + 1_000));
    await kill();
    const due = await lastFailure();
    const attempts = slack.requests.length;
    slack.answer(200, 'ok');

    await start();
    await untilLogged('delivery.succeeded');
    expect(slack.requests).toHaveLength(attempts + 1);
    expect(slack.requests[attempts]?.receivedAt).toBeGreaterThanOrEqual(due - 10);
    expect(slack.requests.filter(({ body }) => MARK.test(body))).toEqual([]);
    expect((await logged()).filter(({ type }) => type === 'delivery.started')).toHaveLength(attempts + 1);
  });

  it('4: a resolve that comes while the process is down is sent after the restart, once', async () => {
    await start();
    child?.emit(tripped('global'));
    await untilLogged('delivery.succeeded');
    await kill();
    await whileDown(reset('global'));

    await start();
    await untilLogged('delivery.succeeded', 2);
    await kill();
    await start();
    child?.emit(tripped('LATER'));
    await untilLogged('delivery.succeeded', 3);
    const titles = slack.requests.map(({ body }) => /Circuit breaker (tripped: LATER|\w+)/.exec(body)?.[0]);
    expect(titles).toEqual([
      'Circuit breaker tripped',
      'Circuit breaker reset',
      'Circuit breaker tripped: LATER',
    ]);
  });

  it('29: an escalation that falls due while the process is down is sent once, on the restart', async () => {
    await start();
    const lost = createEvent('exchange.disconnected', {
      ...{ exchange: 'paper', stream: 'market', reason: 'reset by peer', reconnecting: true },
    });
    child?.emit(lost);
    await untilLogged('delivery.requested');
    await kill();
    await eventually(() => expect(Date.now()).toBeGreaterThan(lost.occurredAt + 1_000));

    await start();
    await eventually(() => slack.requests.some(({ body }) => body.includes('Exchange still disconnected')));
    await untilLogged('delivery.succeeded', (await logged()).filter(isRequest).length);
    await kill();
    await start();
    child?.emit(tripped('LATER'));
    await eventually(() => slack.requests.some(({ body }) => body.includes('LATER')));
    const escalations = slack.requests.filter(({ body }) => body.includes('Exchange still disconnected'));
    expect(escalations).toHaveLength(1);
    expect(escalations[0]?.body).toContain('ESCALATED to ERROR');
  });

  it('17: lives on and notifies the other channels when nobody reads its output any more (EPIPE)', async () => {
    const process = await start();
    process.closeOutput();
    for (const scope of ['A', 'B', 'C']) process.emit(tripped(scope));
    await untilLogged('delivery.succeeded', 3);
    expect(process.isRunning).toBe(true);
  });

  (existsSync('/dev/full') ? it : it.skip)(
    '17: lives on and notifies the other channels when the disk of its output is full (ENOSPC)',
    async () => {
      const full = openSync('/dev/full', 'w');
      try {
        const process = await start(full);
        for (const scope of ['A', 'B', 'C']) process.emit(tripped(scope));
        await untilLogged('delivery.succeeded', 3);
        expect(process.isRunning).toBe(true);
      } finally {
        closeSync(full);
      }
    },
  );

  it('21: none of these shows a token or an address in its output or its log', () => {
    expect(everythingSaid).toContain('Circuit breaker tripped');
    expect(secretsIn(everythingSaid)).toEqual([]);
  });
});

function isRequest({ type }: { readonly type: string }): boolean {
  return type === 'delivery.requested';
}
