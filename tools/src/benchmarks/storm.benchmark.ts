import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
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
import { createEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import { inTemporaryFolder } from '../temporary-folder';
import { bareCommits } from './event-log/bare-sqlite';
import { type Row, duration, quantile, verdict } from './measure';
import { orders } from './order-flow';

const ALERTS = 10_000;
const SCOPES = 100;
const SLICES = 100;
const SLICE_MS = 10;
const SAMPLES = 200;
const BUDGET_COMMITS = 5;

/** From the commit of a CRITICAL event until its request is on the wire, quiet and behind ten thousand alerts, in commits. */
export function stormRows(): Promise<readonly Row[]> {
  register.clear();
  Logger.overrideLogger(false);
  return inTemporaryFolder(async (folder) => {
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
      await criticalLatencies(app, provider, 'warm_up');
      const quiet = await criticalLatencies(app, provider, 'quiet');
      await storm(app);
      const behind = app.get(AlertService).channelHealth().pending;
      const stormy = await criticalLatencies(app, provider, 'storm');
      while (app.get(AlertService).channelHealth().pending > 0) await delay(20);
      const commits = bareCommits(join(folder, 'bare.db'), orders(SAMPLES), 1);
      return [
        ...rowsOf('CRITICAL committed → on the wire', quiet, commits),
        ...rowsOf(`the same behind ${behind} messages`, stormy, commits),
      ];
    } finally {
      await app.close();
      provider.close();
    }
  });
}

function rowsOf(what: string, latencies: readonly number[], commits: readonly number[]): readonly Row[] {
  return [0.5, 0.99].map((q) => {
    const [latency, commit] = [quantile(latencies, q), quantile(commits, q)];
    return [
      `${what}, p${q * 100}`,
      duration(latency),
      `a bare FULL commit: ${duration(commit)}`,
      (latency / commit).toPrecision(2),
      q === 0.99 ? verdict(latency / commit, BUDGET_COMMITS) : '–',
    ];
  });
}

/** A webhook without a rate limit. */
function channelTo(url: string): new () => AlertChannel {
  const webhook = new WebhookChannel({ enabled: true, minLevel: 'INFO', url });
  return class implements AlertChannel {
    readonly name = 'desk';

    send(alert: AlertNotification, signal: AbortSignal): Promise<void> {
      return webhook.send(alert, signal);
    }
  };
}

/** Ten thousand alerts within a second, each about another thing. */
async function storm(app: INestApplicationContext): Promise<void> {
  const emitter = app.get(EventEmitter2, { strict: false });
  for (let n = 0; n < ALERTS; n++) {
    const breached = createEvent('risk.limit_breached', {
      scope: `S${n % SCOPES}`,
      limit: `limit_${Math.floor(n / SCOPES)}`,
      ...{ value: '2', threshold: '1', severity: 'warning' },
    });
    emitter.emit(breached.type, breached);
    if (n % (ALERTS / SLICES) === 0) await delay(SLICE_MS);
  }
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
  for (let n = 0; n < SAMPLES; n++) {
    const scope = `S${n % SCOPES}`;
    const trip = createEvent('circuit_breaker.tripped', {
      ...{ scope, reason: `${name}_${n}`, value: '2', threshold: '1', cooldownMs: 60_000 },
    });
    const arrival = provider.arrivalOf('circuit_breaker_trip', scope);
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

/** A provider that accepts every request, and reports its time of arrival. */
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
