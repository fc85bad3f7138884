import { setTimeout as delay } from 'node:timers/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLogError } from '@opensqt/event-log';
import { AlertLevel } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { EventRecorder } from '../../ingest/event-recorder';
import { AlertApplication, type AlertApplicationOptions } from '../delivery/testing/alert-application';
import { AlertLedger } from '../store/alert-ledger';
import { tripped } from '../testing/tripped';

describe('a book that is dropped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-dropped-book-'));
  let slack: ProviderServer;
  let app: AlertApplication;
  let logs = 0;
  let alerts: AlertApplicationOptions['alerts'];

  beforeEach(async () => {
    slack = await startProviderServer();
    logs += 1;
    alerts = { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } };
    app = await AlertApplication.start({ path: join(folder, `${logs}.db`), alerts });
    app.emit(tripped('A'));
    await slack.received(1);
    await app.settled();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.stop();
    await slack.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Makes the next queries of the log's end take their time, and fail. */
  function lookUps(...outcomes: readonly (Error | undefined)[]): void {
    const spy = jest.spyOn(app.get(EventRecorder), 'caughtUp');
    for (const error of outcomes) {
      spy.mockImplementationOnce(async () => {
        await delay(50);
        if (error !== undefined) throw error;
      });
    }
  }

  it('leaves the thread to others while messages wait for it to be made anew', async () => {
    const ledger = app.get(AlertLedger);
    const record = jest.spyOn(ledger, 'record');
    lookUps(undefined);
    let isDropped = false;
    ledger.onChange(() => {
      if (isDropped || ledger.state.pending.size === 0) return;
      isDropped = true;
      ledger.drop();
    });
    app.emit(tripped('B'));
    await slack.received(2);
    await app.settled();
    expect(isDropped).toBe(true);
    expect(record.mock.calls.length).toBeLessThan(100); // once for each lane that had to wait, and for each message
  });

  it.each(['sqlite', 'memory'])('holds what is open and what waits, with a log of kind %s', async (kind) => {
    if (kind === 'memory') {
      await app.stop();
      app = await AlertApplication.start({ alerts });
      app.emit(tripped('A'));
      await slack.received(2);
      await app.settled();
    }
    const before = slack.requests.length;
    app.get(AlertLedger).drop();
    app.emit(tripped('B'));
    await slack.received(before + 1);
    await app.settled();
    expect(app.alerts.active().map(({ labels }) => labels['scope'])).toEqual(['A', 'B']);
    const renewed = jest.spyOn(app.get(EventRecorder), 'committedState');
    const fields = Object.fromEntries(Array.from({ length: 1_200 }, (_, n) => [`Field ${n}`, '']));
    const refused = app.alerts.raise({ level: AlertLevel.Info, title: 'refused', message: '', fields });
    await expect(refused).rejects.toMatchObject({ code: 'LOG_REFUSED' });
    expect(renewed).not.toHaveBeenCalled();
    expect(app.alerts.active()).toHaveLength(2);
  });

  it('sends a dead letter once that is asked for twice meanwhile', async () => {
    slack.answer(403, 'invalid_token').answer(200, 'ok');
    app.emit(tripped('B'));
    await eventually(() => expect(app.alerts.deadLetters()).toHaveLength(1));
    const id = app.alerts.deadLetters()[0]?.deliveryId ?? '';
    lookUps(undefined);
    app.get(AlertLedger).drop();
    const outcomes = await Promise.allSettled([app.alerts.resend(id), app.alerts.resend(id)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await slack.received(3);
    await app.settled();
    expect(slack.requests).toHaveLength(3);
  });

  it('is made anew however often the log could not be asked what is committed', async () => {
    const away = new EventLogError('LOG_UNREADABLE', 'the connection was terminated');
    lookUps(away, away);
    app.get(AlertLedger).drop();
    app.emit(tripped('B'));
    await slack.received(2);
    expect(await app.health()).toMatchObject({ status: 'up' });
  });

  it('is made anew under another lease where something throws that is kept in step with it', async () => {
    let thrown = 0;
    app.get(AlertLedger).onReset(() => {
      if (thrown++ === 0) throw new TypeError('cannot read properties of undefined');
    });
    app.get(AlertLedger).drop();
    await app.log.flush();
    app.emit(tripped('B'));
    await slack.received(2);
    expect(thrown).toBeGreaterThan(1);
    expect(app.lines.join('\n')).toContain('cannot lead the alerts and tries again');
  });
});
