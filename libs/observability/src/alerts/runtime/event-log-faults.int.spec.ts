import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLogError, type EventLogStatus } from '@opensqt/event-log';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from '../delivery/testing/alert-application';
import { EventLogWatch } from './event-log-watch';

describe('alerts about the log itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-log-faults-'));
  let slack: ProviderServer;
  let app: AlertApplication;
  let time = Date.UTC(2026, 0, 1);
  let failure: EventLogError | undefined;
  let logs = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    failure = undefined;
    logs += 1;
    app = await AlertApplication.start({
      path: join(folder, `${logs}.db`),
      wallClock: { now: () => time },
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
    });
    const { log } = app;
    const status = log.status.bind(log);
    jest.spyOn(log, 'status').mockImplementation((): EventLogStatus => ({
      ...status(),
      ...(failure === undefined ? {} : { failure }),
    }));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.stop();
    await slack.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const locked = new EventLogError('LOG_WRITE_FAILED', 'The file is locked.');
  const sent = (): readonly string[] =>
    slack.requests.map(({ json }) => String(json?.['text']).split('\n')[0] ?? '');
  /** The log is looked at, with that fault, that many milliseconds later. */
  const look = (ms: number, fault?: EventLogError): void => {
    time += ms;
    failure = fault;
    app.get(EventLogWatch).look();
  };

  it('are one when it locks up for a second every other second', async () => {
    for (let n = 0; n < 30; n += 1) {
      look(1_000, locked);
      look(1_000);
    }
    await eventually(() => expect(sent()).toHaveLength(1));
    look(31_000);
    await eventually(() => expect(sent()).toHaveLength(2));
    expect(sent()[0]).toContain('The event log cannot be written');
    expect(sent()[1]).toContain('RESOLVED');
  });

  it('are sent again when the provider fails', async () => {
    slack.answer(503).answer(200, 'ok');
    look(1_000, locked);
    await slack.received(1);
    time += 600_000;
    look(1, locked);
    await slack.received(2);
  });

  it('are held back by a silence that was made before', async () => {
    const silence = { matchers: { condition: 'event_log_unwritable' }, reason: 'work', by: 'eve' };
    await app.alerts.silence({ ...silence, until: Date.now() + 3_600_000 });
    look(1_000, locked);
    await eventually(() => app.lines.some((line) => line.includes('The event log cannot be written')));
    expect(sent()).toEqual([]);
  });
});
