import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { EventLog } from '@opensqt/event-log';
import {
  type AlertChannel,
  type AlertNotification,
  AlertService,
  EVENT_LOG,
  EventRecorder,
  ObservabilityModule,
  WebhookChannel,
} from '@opensqt/observability';
import { type MarketMakerEvent, createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import { duration, quantile, verdict } from './measure';
import { orderFlow } from './order-flow';

const ALERTS = 10_000;
const SCOPES = 100;
const SLICE_MS = 10;
const ORDERS_OF_A_SLICE = 20;
const STORM_SLICES = 100;
const OBSERVED_SLICES = 500;
const CRITICAL_SAMPLES = 200;

/** Ten thousand alerts within a second beside a flow of orders: what trading notices, and how soon a CRITICAL one is out. */
export async function stormRows(): Promise<readonly (readonly string[])[]> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('The storm suite needs node --expose-gc; npm run bench passes it.');
  register.clear();
  Logger.overrideLogger(false);
  const folder = await mkdtemp(join(tmpdir(), 'opensqt-storm-'));
  const provider = await Provider.start();
  const app = await NestFactory.createApplicationContext(
    ObservabilityModule.forRoot({
      eventLog: { kind: 'sqlite', path: join(folder, 'events.db') },
      channels: [channelTo(provider.url)],
    }),
    { logger: false },
  );
  try {
    await app.get(EventRecorder).ready();
    await trade(app, STORM_SLICES, () => []); // warms up
    const quietPages = await criticalLatencies(app, provider, 'quiet');
    const quiet = await trade(app, OBSERVED_SLICES, () => []);
    await gc({ execution: 'async' });
    const before = process.memoryUsage();
    const troubles = storm();
    const stormy = await trade(app, OBSERVED_SLICES, (slice) =>
      slice < STORM_SLICES ? take(troubles, ALERTS / STORM_SLICES) : [],
    );
    const stormPages = await criticalLatencies(app, provider, 'storm');
    while (app.get(AlertService).channelHealth().pending > 0) await delay(20);
    await gc({ execution: 'async' });
    const after = process.memoryUsage();
    return [
      row('event-loop delay, p50', stormy.loopP50, quiet.loopP50),
      row('event-loop delay, p99', stormy.loopP99, quiet.loopP99),
      row('emit call of an order event, p50', stormy.callP50, quiet.callP50),
      row('emit call of an order event, p99', stormy.callP99, quiet.callP99),
      ...([0.5, 0.99] as const).map((q) => {
        const [storm, calm] = [quantile(stormPages, q), quantile(quietPages, q)];
        const budget = q === 0.99 ? verdict(storm, 25, ' ms') : '–';
        return [
          ...row(`CRITICAL committed → on the wire after it, p${q * 100}`, storm, calm).slice(0, 4),
          budget,
        ];
      }),
      sizes('heap with 10,000 alerts open', after.heapUsed, before.heapUsed),
      sizes('resident set', after.rss, before.rss),
    ];
  } finally {
    await app.close();
    provider.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A webhook that may be sent to as fast as one can. */
function channelTo(url: string): new () => AlertChannel {
  const webhook = new WebhookChannel({ url });
  return class implements AlertChannel {
    readonly name = 'desk';

    send(alert: AlertNotification, signal: AbortSignal): Promise<void> {
      return webhook.send(alert, signal);
    }
  };
}

interface Trading {
  readonly loopP50: number;
  readonly loopP99: number;
  readonly callP50: number;
  readonly callP99: number;
}

/** States orders at a steady rate, and what else happens in each slice. */
async function trade(
  app: INestApplicationContext,
  slices: number,
  happening: (slice: number) => Iterable<MarketMakerEvent>,
): Promise<Trading> {
  const emitter = app.get(EventEmitter2, { strict: false });
  const flow = orderFlow();
  const calls: number[] = [];
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  for (let slice = 0; slice < slices; slice++) {
    for (const event of happening(slice)) emitter.emit(event.type, event);
    for (let n = 0; n < ORDERS_OF_A_SLICE; n++) {
      const event = flow.next().value;
      const startedAt = performance.now();
      emitter.emit(event.type, event);
      calls.push(performance.now() - startedAt);
    }
    await delay(SLICE_MS);
  }
  loop.disable();
  return {
    loopP50: loop.percentile(50) / 1e6,
    loopP99: loop.percentile(99) / 1e6,
    callP50: quantile(calls, 0.5),
    callP99: quantile(calls, 0.99),
  };
}

/** From the commit of a trip until its request has reached the provider, one after the other. */
async function criticalLatencies(
  app: INestApplicationContext,
  provider: Provider,
  name: string,
): Promise<readonly number[]> {
  const log = app.get<EventLog>(EVENT_LOG);
  const emitter = app.get(EventEmitter2, { strict: false });
  const committed = new Map<string, number>();
  const subscription = log.subscribe(log.status().position + 1, (records) => {
    for (const { event } of records) committed.set(event.id, performance.now());
  });
  const latencies: number[] = [];
  for (let n = 0; n < CRITICAL_SAMPLES; n++) {
    const reason = `${name}_${n}`;
    const scope = `S${n % SCOPES}`;
    const trip = createEvent('circuit_breaker.tripped', {
      ...{ scope, reason, value: '2', threshold: '1', cooldownMs: 60_000 },
    });
    const arrival = provider.arrivalOf(`circuit_breaker_trip`, scope);
    emitter.emit(trip.type, trip);
    const arrivedAt = await arrival;
    latencies.push(arrivedAt - (committed.get(trip.id) ?? arrivedAt));
    const reset = createEvent('circuit_breaker.reset', { scope, by: 'operator' });
    const resolved = provider.arrivalOf('"kind":"resolved"', scope);
    emitter.emit(reset.type, reset);
    await resolved;
  }
  await subscription.close();
  return latencies;
}

function* storm(): Generator<MarketMakerEvent, undefined> {
  for (let n = 0; n < ALERTS; n++) {
    yield createEvent('risk.limit_breached', {
      scope: `S${n % SCOPES}`,
      limit: `limit_${Math.floor(n / SCOPES)}`,
      ...{ value: '2', threshold: '1', severity: 'warning' },
    });
  }
  return undefined;
}

function take<Value>(values: Iterator<Value>, count: number): readonly Value[] {
  const taken: Value[] = [];
  for (let next = values.next(); next.done !== true; next = values.next()) {
    taken.push(next.value);
    if (taken.length === count) break;
  }
  return taken;
}

function row(what: string, stormMs: number, quietMs: number): readonly string[] {
  return [what, duration(stormMs), `quiet: ${duration(quietMs)}`, (stormMs / quietMs).toPrecision(2), '–'];
}

function sizes(what: string, after: number, before: number): readonly string[] {
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [what, mib(after), `before: ${mib(before)}`, (after / before).toPrecision(3), '–'];
}

/** A provider that takes everything, and says when what arrived. */
class Provider {
  private waiting: { readonly texts: readonly string[]; readonly resolve: (at: number) => void }[] = [];
  private readonly server = createServer((request, response) => {
    const arrivedAt = performance.now();
    void this.read(request, arrivedAt).then(() => response.writeHead(200).end('{}'));
  });

  static async start(): Promise<Provider> {
    const provider = new Provider();
    await new Promise<void>((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Resolves with the time of arrival of the next request that says all of that. */
  arrivalOf(...texts: readonly string[]): Promise<number> {
    return new Promise((resolve) => this.waiting.push({ texts, resolve }));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async read(request: IncomingMessage, arrivedAt: number): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    this.waiting = this.waiting.filter(({ texts, resolve }) => {
      const is = texts.every((text) => body.includes(text));
      if (is) resolve(arrivedAt);
      return !is;
    });
  }
}
