import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { PostgresServer } from '@opensqt/event-log/testing';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { EventRecorder } from '../../ingest/event-recorder';
import { MetricsPage } from '../../metrics/http/metrics-page';
import { ObservabilityModule } from '../../observability.module';
import type { Projection } from '../../projections/projection';
import { asIs, codecOf } from '../../projections/state-codec';
import { AlertService } from './alert.service';
import { LeaderElection } from './leader-election';

const tripped = (): TradingEvent =>
  createEvent('circuit_breaker.tripped', {
    ...{ scope: 'global', reason: 'max_drawdown', value: '512', threshold: '500' },
    cooldownMs: 600_000,
  });
const reset = (): TradingEvent => createEvent('circuit_breaker.reset', { scope: 'global', by: 'cooldown' });
const lost = (): TradingEvent =>
  createEvent('exchange.disconnected', {
    exchange: 'paper',
    stream: 'market',
    reason: 'closed',
    reconnecting: true,
  });
const found = (): TradingEvent =>
  createEvent('exchange.reconnected', { exchange: 'paper', stream: 'market', downtimeMs: 1, attempts: 1 });

/** The scopes that are halted, as the resume of a market maker knows them. */
const openBreakers: Projection<
  { readonly scopes: readonly string[] },
  'circuit_breaker.tripped' | 'circuit_breaker.reset'
> = {
  name: 'open_breakers',
  version: 1,
  handles: ['circuit_breaker.tripped', 'circuit_breaker.reset'],
  initial: () => ({ scopes: [] }),
  evolve: ({ scopes }, { type, data: { scope } }) => ({
    scopes: [...scopes.filter((other) => other !== scope), ...(type.endsWith('tripped') ? [scope] : [])],
  }),
  ...codecOf<{ readonly scopes: readonly string[] }>({ scopes: asIs() }),
};

describe('two bots on one log in PostgreSQL', () => {
  let server: PostgresServer;
  let schema = '';
  let count = 0;
  const apps: INestApplication[] = [];
  const hooks: ProviderServer[] = [];

  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());
  beforeEach(() => {
    count += 1;
    schema = `bots_${count}`;
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await Promise.all(hooks.splice(0).map((hook) => hook.close()));
  });

  async function start(name: string, hook: ProviderServer): Promise<INestApplication> {
    register.clear();
    const options = {
      name,
      eventLog: { kind: 'postgres', url: server.url, schema, snapshotInterval: '100ms' } as const,
      projections: [openBreakers],
      alerts: { webhook: { enabled: true, url: `${hook.url}/hook` } },
    };
    const imports = [EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)];
    const testing = await Test.createTestingModule({ imports }).compile();
    const app = await testing.createNestApplication({ logger: false }).init();
    apps.push(app);
    await app.get(EventRecorder).ready();
    await eventually(() => expect(app.get(LeaderElection).status.role).toBe('leader'));
    return app;
  }

  async function startHook(): Promise<ProviderServer> {
    const hook = await startProviderServer();
    hooks.push(hook);
    return hook;
  }

  function emit(app: INestApplication, ...events: readonly TradingEvent[]): void {
    for (const event of events) app.get(EventEmitter2).emit(event.type, event);
  }

  async function stop(app: INestApplication): Promise<void> {
    apps.splice(apps.indexOf(app), 1);
    await app.close();
  }

  const openAt = (app: INestApplication): readonly string[] =>
    app
      .get(AlertService)
      .active()
      .map(({ condition }) => condition)
      .sort();

  async function pageOf(app: INestApplication): Promise<string> {
    return Buffer.concat((await app.get(MetricsPage).render()).body).toString();
  }

  async function healthOf(app: INestApplication): Promise<string> {
    return (await request(app.getHttpServer()).get('/health')).text;
  }

  it('each leads its own alerts, which the other neither hides nor resolves', async () => {
    const [hookA, hookB] = [await startHook(), await startHook()];
    const [a, b] = [await start('mm-a', hookA), await start('mm-b', hookB)];
    emit(a, tripped(), lost());
    await hookA.received(2);
    for (const { json } of hookA.requests)
      expect(json).toMatchObject({
        bot: 'mm-a',
        labels: { bot: 'mm-a' },
        fingerprint: expect.stringContaining('bot="mm-a"'),
      });
    expect(openAt(a)).toEqual(['circuit_breaker_trip', 'exchange_disconnect']);
    expect(openAt(b)).toEqual([]);
    emit(b, lost(), found(), reset());
    await eventually(() => expect(b.get(AlertService).history()).toHaveLength(1));
    expect(openAt(a)).toEqual(['circuit_breaker_trip', 'exchange_disconnect']);
    expect(openAt(b)).toEqual([]);
    emit(b, tripped());
    await eventually(() => expect(openAt(b)).toEqual(['circuit_breaker_trip']));
    emit(a, reset(), found());
    await eventually(() => expect(openAt(a)).toEqual([]));
    expect(openAt(b)).toEqual(['circuit_breaker_trip']);
    await eventually(() => hookA.requests.some(({ body }) => body.includes('"kind":"resolved"')));
  });

  it('each shows its own metrics and health, also after a restart from the log', async () => {
    const [hookA, hookB] = [await startHook(), await startHook()];
    const [a, b] = [await start('mm-a', hookA), await start('mm-b', hookB)];
    emit(a, tripped());
    await hookA.received(1);
    const raised = /alerts_raised_total\{condition="circuit_breaker_trip",level="CRITICAL"\} 1/;
    await eventually(async () => expect(await pageOf(a)).toMatch(raised));
    const halted = 'circuit breaker global is open';
    expect(await healthOf(a)).toContain(halted);
    expect(await healthOf(b)).not.toContain(halted);
    expect(await pageOf(b)).not.toMatch(raised);
    await stop(a);
    await stop(b);
    const [againB, againA] = [await start('mm-b', hookB), await start('mm-a', hookA)];
    expect(await pageOf(againB)).not.toMatch(raised);
    expect(await pageOf(againA)).toMatch(raised);
    expect(await healthOf(againA)).toContain(halted);
    expect(await healthOf(againB)).not.toContain(halted);
    expect(openAt(againA)).toEqual(['circuit_breaker_trip']);
    expect(hookA.requests).toHaveLength(1);
    expect(hookB.requests).toHaveLength(0);
  });

  it('each resumes from what it was itself, whatever the other did after it had stopped', async () => {
    const [hookA, hookB] = [await startHook(), await startHook()];
    const [a, b] = [await start('mm-a', hookA), await start('mm-b', hookB)];
    emit(a, tripped());
    await hookA.received(1);
    await stop(a);
    emit(b, reset(), tripped(), reset());
    await eventually(() => expect(b.get(AlertService).history()).toHaveLength(1));
    const again = await start('mm-a', hookA);
    const resumed = (app: INestApplication) => app.get(EventRecorder).committedState(openBreakers).state;
    expect(resumed(again).scopes).toEqual(['global']);
    expect(openAt(again)).toEqual(['circuit_breaker_trip']);
    await b.get(EventRecorder).caughtUp();
    expect(resumed(b).scopes).toEqual([]);
  });

  it('a second process that writes under the name of the first is refused, and told what to do', async () => {
    const hook = await startHook();
    await start('mm-a', hook);
    await expect(start('mm-a', hook)).rejects.toThrow(
      /under the name 'mm-a' by process .*another name for another bot \(name\), another writer for a standby/,
    );
  });
});
