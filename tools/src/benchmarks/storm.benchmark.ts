import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
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
import { load, take } from '../load';
import { inTemporaryFolder } from '../temporary-folder';
import { bareCommits } from './bare-sqlite';
import { type Row, durationRow, quantile, verdict } from './measure';

const ALERTS = 10_000;
const SCOPES = 100;
const SLICES = 100;
const SLICE_MS = 10;
const SAMPLES = 200;
const BUDGET_COMMITS = 5;
/** On a fast disk, what the pause between commits makes of it: see ADR 121. */
const BUDGET_MS = 25;

/** From the commit of a CRITICAL event until its request is on the wire, quiet and behind ten thousand alerts, in commits. */
export function stormRows(): Promise<readonly Row[]> {
  register.clear();
  Logger.overrideLogger(false);
  return inTemporaryFolder(async (folder) => {
    const provider = await startProvider();
    const app = await NestFactory.createApplicationContext(
      ObservabilityModule.forRoot({
        imports: [EventEmitterModule.forRoot()],
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
      const commits = bareCommits(join(folder, 'bare.db'), take(load(), SAMPLES), 1);
      return [
        ...rowsOf('CRITICAL committed → on the wire', quiet, commits),
        // Ten thousand alerts may have left as a digest by now: nothing is overtaken then.
        ...(behind === 0 ? [] : rowsOf(`the same behind ${behind} messages`, stormy, commits)),
      ];
    } finally {
      await app.close();
      provider.close();
    }
  });
}

function rowsOf(what: string, latencies: readonly number[], commits: readonly number[]): readonly Row[] {
  const rowOf = (q: number): Row => {
    const name = `${what}, p${q * 100}`;
    return durationRow(name, quantile(latencies, q), 'a bare FULL commit', quantile(commits, q));
  };
  const budgetMs = Math.round(Math.max(BUDGET_COMMITS * quantile(commits, 0.99), BUDGET_MS));
  const judged = verdict(
    quantile(latencies, 0.99),
    budgetMs,
    ` ms (${BUDGET_COMMITS} commits or ${BUDGET_MS} ms)`,
  );
  return [rowOf(0.5), rowOf(0.99).with(-1, judged)];
}

/** A webhook without a rate limit. */
function channelTo(url: string): new () => AlertChannel {
  const webhook = new WebhookChannel({ enabled: true, minLevel: 'INFO', timeout: 30_000, url });
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
    const scope = `${name}_${n}`; // a scope of its own: one that trips again and again flaps, and is told once
    const trip = createEvent('circuit_breaker.tripped', {
      ...{ scope, reason: 'max_volatility', value: '2', threshold: '1', cooldownMs: 60_000 },
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

interface Provider {
  readonly url: string;
  /** Resolves with the time of arrival of the next request that says all of that. */
  arrivalOf(...texts: readonly string[]): Promise<number>;
  close(): void;
}

/** A provider that accepts every request, and reports its time of arrival. */
async function startProvider(): Promise<Provider> {
  let waiting: { readonly texts: readonly string[]; readonly resolve: (at: number) => void }[] = [];
  const read = async (request: IncomingMessage): Promise<void> => {
    const arrivedAt = performance.now();
    const body = (await request.setEncoding('utf8').toArray()).join('');
    const found = waiting.filter(({ texts }) => texts.every((text) => body.includes(text)));
    waiting = waiting.filter((each) => !found.includes(each));
    for (const { resolve } of found) resolve(arrivedAt);
  };
  const server = createServer((request, response) => {
    void read(request).then(() => response.writeHead(200).end('{}'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    arrivalOf: (...texts) => new Promise((resolve) => waiting.push({ texts, resolve })),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
