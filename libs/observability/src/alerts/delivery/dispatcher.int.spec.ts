import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import {
  type ProviderServer,
  TELEGRAM_OK,
  startProviderServer,
} from '../../channels/testing/provider-server';
import type { AlertsOptions } from '../../options/sections';
import { AlertApplication } from './testing/alert-application';
import { chatsAt, secretsIn } from './testing/provider-secrets';
import { tripped } from '../testing/tripped';

const reset = (scope: string) => createEvent('circuit_breaker.reset', { scope, by: 'operator' });

describe('delivery through providers that fail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-delivery-'));
  let slack: ProviderServer;
  let telegram: ProviderServer;
  let app: AlertApplication | undefined;
  let everythingSaid = '';
  let logs = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    telegram = await startProviderServer();
    telegram.answer(200, TELEGRAM_OK);
    logs += 1;
  });
  afterEach(async () => {
    await stop();
    await slack.close();
    await telegram.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Starts, or starts again, on this test's log. */
  async function start(given: AlertsOptions = {}): Promise<AlertApplication> {
    const path = join(folder, `${logs}.db`);
    const alerts = { ...chatsAt(slack.url, telegram.url), ...given };
    return (app = await AlertApplication.start({ path, alerts }));
  }

  async function stop(): Promise<void> {
    everythingSaid += (await app?.everythingSaid()) ?? '';
    await app?.stop();
    app = undefined;
  }

  it('9: 503 three times, then ok: one message', async () => {
    slack.answer(503).answer(503).answer(503).answer(200, 'ok');
    const app = await start();
    app.emit(tripped('global'));
    await slack.received(4);
    await app.settled();
    expect(await app.deliveries('slack')).toEqual([
      'delivery.requested',
      ...['delivery.started', 'delivery.failed transient'],
      ...['delivery.started', 'delivery.failed transient'],
      ...['delivery.started', 'delivery.failed transient'],
      ...['delivery.started', 'delivery.succeeded'],
    ]);
  });

  it('7: a 429 pauses its channel for as long as it says, and no other', async () => {
    slack.answer(429, '', { 'retry-after': '2' }).answer(200, 'ok');
    const app = await start();
    app.emit(tripped('A'));
    const [first] = await slack.received(1);
    app.emit(tripped('B'), tripped('C'));
    await telegram.received(3);
    expect(slack.requests).toHaveLength(1);
    const [, second] = await slack.received(4);
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it('3: after a restart the schedule goes on, with its attempts counted', async () => {
    slack.answer(503);
    const app = await start();
    app.emit(tripped('global'));
    await slack.received(1);
    await eventually(async () => (await app.deliveries('slack')).includes('delivery.failed transient'));
    await app.stop();
    slack.answer(200, 'ok');
    const before = slack.requests.length;
    const again = await start();
    await slack.received(before + 1);
    await again.settled();
    const attempts = (await again.deliveries('slack')).filter((step) => step === 'delivery.started').length;
    expect(attempts).toBe(slack.requests.length);
    expect(telegram.requests).toHaveLength(1);
  });

  it('24: a resolve does not overtake the trigger that is tried again', async () => {
    slack.answer(503).answer(200, 'ok');
    const app = await start();
    app.emit(tripped('global'), reset('global'));
    const bodies = (await slack.received(3)).map(({ body }) => body);
    expect(bodies[0]).toContain('Circuit breaker tripped');
    expect(bodies[1]).toContain('Circuit breaker tripped');
    expect(bodies[2]).toContain('Circuit breaker reset');
  });

  it('13: a reset after the request was read is ambiguous: sent once more, marked', async () => {
    slack.reset().answer(200, 'ok');
    const app = await start();
    app.emit(tripped('global'));
    const [first, second] = await slack.received(2);
    expect(first?.body).not.toMatch(/possible duplicate/i);
    expect(second?.body).toMatch(/possible duplicate/i);
  });

  it.each(['a refusal', 'two answers that prove nothing'])(
    'says through the other channel what %s lost, where nobody else was notified of it',
    async (fault) => {
      if (fault === 'a refusal') slack.answer(422);
      else slack.answer(200, '<html>Log in to the hotel</html>');
      const app = await start({ routes: [{ channel: 'telegram', match: ['condition=channel_broken'] }] });
      app.emit(tripped('global'));
      const [said] = await telegram.received(1);
      expect(said?.body).toContain('Alert not delivered through slack: Circuit breaker tripped: ');
      slack.answer(200, 'ok');
      app.emit(tripped('LATER'));
      await telegram.received(2);
      await app.settled();
      const end = telegram.requests[1]?.body;
      expect(end).toContain('Alert channel works again: slack; a dead letter was not sent');
      expect(end).toContain('alerts resend ID');
    },
  );

  it('says that a channel broke that had lost a message before', async () => {
    slack.answer(422);
    const app = await start({ routes: [{ channel: 'telegram', match: ['condition=channel_broken'] }] });
    app.emit(tripped('global'));
    await telegram.received(1);
    slack.answer(401);
    app.emit(tripped('LATER'));
    const [, said] = await telegram.received(2);
    expect(said?.body).toContain('Alert channel broken: slack');
  });

  it('does not say that a message was lost where another channel has it', async () => {
    slack.answer(422);
    const app = await start();
    app.emit(tripped('global'));
    await eventually(async () => (await app.deliveries('slack')).includes('delivery.abandoned rejected'));
    await app.settled();
    expect(telegram.requests.map(({ body }) => body.includes('not delivered'))).toEqual([false]);
  });

  it('5 and 6: neither a restart nor a repeated event sends anything again', async () => {
    const app = await start();
    const event = tripped('global');
    app.emit(event, event);
    await slack.received(1);
    await app.settled();
    await app.stop();
    const again = await start();
    again.emit(event);
    await again.settled();
    again.emit(tripped('OTHER'));
    await slack.received(2);
    expect(slack.requests).toHaveLength(2);
    expect(slack.requests[1]?.body).toContain('OTHER');
  });

  it('26: what is open and what waits at a stop is open and waits after it', async () => {
    slack.answer(503);
    const app = await start();
    app.emit(tripped('global'));
    await slack.received(1);
    await app.stop();
    slack.answer(200, 'ok');
    const again = await start();
    await eventually(() => expect(again.alerts.active()).toHaveLength(1));
    again.emit(reset('global'));
    await eventually(() => slack.requests.some(({ body }) => body.includes('Circuit breaker reset')));
    expect(again.alerts.active()).toEqual([]);
  });

  it('21: none of these shows a token or an address in a log line, an event, a metric or an answer', async () => {
    slack.answer(404, 'no_service /services/T0SECRET/B0SECRET/hook-that-nobody-sees');
    const app = await start();
    app.emit(tripped('global'));
    await app.settled();
    await stop();
    expect(everythingSaid).toContain('could not be delivered through slack');
    expect(everythingSaid).toMatch(/[^.]\. It stands in the log as a dead letter: Circuit breaker tripped: /);
    expect(everythingSaid).toContain('market_maker_alert_deliveries_total');
    expect(secretsIn(everythingSaid)).toEqual([]);
  });
});
