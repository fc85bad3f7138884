import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type EventLog, openPostgresEventLog } from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import { type AlertEvent, AlertLevel, type TradingEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { type DeferredEventLog, EVENT_LOG } from '../../ingest/event-log';
import { MetricsPage } from '../../metrics/http/metrics-page';
import { ObservabilityModule } from '../../observability.module';
import { LeaderElection } from './leader-election';
import { AlertService } from './alert.service';
import { isAlertEvent } from '../model/alerts.projection';
import { tripped } from '../testing/tripped';

const manual = (title: string) => ({ level: AlertLevel.Warning, title, message: 'Look at it.' });

describe('applications on one log in PostgreSQL', () => {
  let server: PostgresServer;
  let slack: ProviderServer;
  let schema = '';
  let count = 0;
  const apps: INestApplication[] = [];

  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    slack = await startProviderServer();
    count += 1;
    schema = `applications_${count}`;
  });
  afterEach(async () => {
    await server.start();
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await slack.close();
  });

  async function make(writer: string): Promise<INestApplication> {
    register.clear();
    const options = {
      eventLog: { kind: 'postgres', url: server.url, schema, writer } as const,
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
    };
    const imports = [EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)];
    const testing = await Test.createTestingModule({ imports }).compile();
    const app = testing.createNestApplication({ logger: false });
    apps.push(app);
    return app;
  }

  async function start(writer: string): Promise<INestApplication> {
    return (await make(writer)).init();
  }

  /** The first sends and the second stands by. */
  async function startBoth(): Promise<{
    readonly holder: INestApplication;
    readonly other: INestApplication;
  }> {
    const holder = await start('one');
    await eventually(() => expect(leadershipOf(holder).role).toBe('leader'));
    const other = await start('two');
    await eventually(() => 'holder' in leadershipOf(other));
    return { holder, other };
  }

  function emit(app: INestApplication, ...events: readonly TradingEvent[]): void {
    for (const event of events) app.get(EventEmitter2).emit(event.type, event);
  }

  async function recorded(type: AlertEvent['type']): Promise<readonly AlertEvent[]> {
    const log: EventLog = await openPostgresEventLog({ url: server.url, schema, readOnly: true });
    const found: AlertEvent[] = [];
    for await (const records of log.read({ types: [type] }))
      found.push(...records.map(({ event }) => event).filter(isAlertEvent));
    await log.close();
    return found;
  }

  function told(): readonly string[] {
    return slack.requests.map(({ body }) => (JSON.parse(body) as { readonly text: string }).text);
  }

  it('27: what one of them that stands by raises and resolves is told once, by the one that sends', async () => {
    const { holder, other } = await startBoth();
    const raised = await other.get(AlertService).raise(manual('Funding is late'));
    await slack.received(1);
    await eventually(() => expect(holder.get(AlertService).active()).toHaveLength(1));
    await eventually(async () => expect(await recorded('delivery.succeeded')).toHaveLength(2)); // to the log channel, and Slack
    await other.get(AlertService).resolve(raised.id, 'it came');
    await slack.received(2);
    await eventually(() => expect(holder.get(AlertService).active()).toHaveLength(0));
    await eventually(async () => expect(await recorded('delivery.succeeded')).toHaveLength(4));
    expect(slack.requests).toHaveLength(2);
    expect(other.get(AlertService).history()).toEqual(holder.get(AlertService).history());
  });

  it('what a silence held back is told by the one that sends when the other one ends it', async () => {
    const { holder, other } = await startBoth();
    const silence = { matchers: { scope: 'A' }, until: Date.now() + 600_000, reason: 'work', by: 'eve' };
    const id = await other.get(AlertService).silence(silence);
    await eventually(() => expect(holder.get(AlertService).silences()).toHaveLength(1));
    emit(holder, tripped('A'), tripped('B'));
    await slack.received(1);
    await eventually(() => expect(other.get(AlertService).active()).toHaveLength(2));
    await other.get(AlertService).endSilence(id, 'eve');
    await slack.received(2);
    await eventually(async () => expect(await recorded('delivery.succeeded')).toHaveLength(4));
    expect(told().map((text) => /: ([AB])/.exec(text)?.[1])).toEqual(['B', 'A']);
  });

  it('a dead letter that the other one sends again is delivered', async () => {
    slack.answer(403).answer(200, 'ok');
    const { holder, other } = await startBoth();
    emit(holder, tripped('A'));
    await eventually(() => expect(other.get(AlertService).deadLetters()).toHaveLength(1));
    const [letter] = other.get(AlertService).deadLetters();
    await other.get(AlertService).resend(letter?.deliveryId ?? '');
    await slack.received(2);
    await eventually(() => expect(holder.get(AlertService).deadLetters()).toHaveLength(0));
    await eventually(() => expect(holder.get(AlertService).channelHealth().broken.size).toBe(0));
    expect(other.get(AlertService).deadLetters()).toEqual([]);
  });

  /** Lets the holder's lease run out until another has it: the holder may renew it first. */
  async function overtake(by: INestApplication): Promise<void> {
    const [lease] = await server.query(
      `SELECT token FROM "${schema}".leases WHERE name = 'bot opensqt alerts'`,
    );
    const expire = `UPDATE "${schema}".leases SET expires_at = now() WHERE token = ${lease?.['token']}`;
    await eventually(async () => {
      await server.query(expire);
      expect(leadershipOf(by).role).toBe('leader');
    });
  }

  it('a holder that is overtaken records no decision any more, and still what it is asked for', async () => {
    const { holder, other } = await startBoth();
    const alert = await holder.get(AlertService).raise(manual('Funding is late'));
    await slack.received(1);
    await eventually(async () => expect(await recorded('delivery.succeeded')).toHaveLength(2));
    await overtake(other);
    const taken = await holder.get(AlertService).acknowledge(alert.id, 'eve');
    expect(taken.acknowledgedBy).toBe('eve');
    await eventually(() => expect(other.get(AlertService).active()[0]?.acknowledgedBy).toBe('eve'));
    emit(holder, tripped('A'));
    await slack.received(2);
    await eventually(async () => expect(await recorded('delivery.succeeded')).toHaveLength(5)); // the log is told who has taken it on
    expect(slack.requests).toHaveLength(2);
    await eventually(() => expect(leadershipOf(holder).role).toBe('standby'));
    expect(await recorded('alert.acknowledged')).toHaveLength(1);
  });

  it('a holder that is overtaken shows what the next one decides, also where it had decided the same in vain', async () => {
    const { holder, other } = await startBoth();
    await overtake(other);
    emit(holder, tripped('A'));
    await slack.received(1);
    await eventually(async () => expect(await tripsShownBy(other)).toBe(1));
    await eventually(async () => expect(await tripsShownBy(holder)).toBe(1));
  });

  it('one that finds the database away at its start says so, and runs once it is back', async () => {
    const app = await make('one');
    await app.get<DeferredEventLog>(EVENT_LOG).open();
    await server.stop();
    await app.init();
    const health = () => request(app.getHttpServer()).get('/health');
    await eventually(async () => JSON.stringify((await health()).body).includes('is tried again'));
    expect((await health()).body.details).toMatchObject({
      replay: { status: 'down', reason: expect.stringContaining('cannot be replayed and is tried again') },
      alerts: { status: 'degraded', sends: false },
    });
    emit(app, tripped('A'));
    await server.start();
    await slack.received(1);
    await eventually(async () =>
      expect((await health()).body).toMatchObject({
        status: 'degraded', // it trades nothing
        details: { alerts: { status: 'up', reason: 'sends' } },
      }),
    );
  });

  it('one that loses the database says why nobody takes over, and sends again afterwards', async () => {
    const app = await start('one');
    await eventually(() => expect(leadershipOf(app).role).toBe('leader'));
    await server.stop();
    await eventually(() => 'problem' in leadershipOf(app));
    expect(leadershipOf(app)).toMatchObject({
      role: 'standby',
      problem: expect.stringContaining('PostgreSQL'),
    });
    emit(app, tripped('A'));
    await server.start();
    await eventually(() => slack.requests.some(({ body }) => body.includes('tripped: A')));
    await eventually(() => expect(leadershipOf(app).role).toBe('leader'));
  });
});

/** The number of trips on an application's pages. */
async function tripsShownBy(app: INestApplication): Promise<number> {
  const text = Buffer.concat((await app.get(MetricsPage).render()).body).toString();
  const series = 'market_maker_alerts_raised_total{condition="circuit_breaker_trip",level="CRITICAL"}';
  const line = text.split('\n').find((candidate) => candidate.startsWith(series));
  return Number(line?.slice(series.length));
}

function leadershipOf(app: INestApplication) {
  return app.get(LeaderElection).status;
}
