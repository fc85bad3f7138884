import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { type ObservabilityOptions, AlertService, ObservabilityModule } from '@opensqt/observability';
import { createEvent } from '@opensqt/trading-events';
import { anyCandidate } from '@opensqt/trading-events/testing/events';
import fc from 'fast-check';
import { HOSTILE_NUMBERS, HOSTILE_TEXTS } from './values';

type Emit = (type: string, event: object) => void;
/** The parent's request: the attack, and how much of it. */
export interface Order {
  readonly attack: 'values' | 'labels' | 'trip';
  readonly count: number;
}

/** Right events of every type, anybody's to change. */
const CANDIDATES = fc.sample(anyCandidate(), { numRuns: 400, seed: 1 });
const LABELS = ['symbol', 'scope', 'exchange', 'channel', 'strategy', 'feeAsset', 'reason', 'orderId'];
/** Those that raise no CRITICAL alert each: the one that is awaited stands behind no hundred thousand like it. */
const ORDINARY = CANDIDATES.filter(({ type }) => !/^(circuit_breaker|strategy)/.test(type));
const CHUNK = 500;

/** Each field of `count` events with each hostile value. */
function* hostileValues(count: number): Generator<object> {
  for (const candidate of CANDIDATES.slice(0, count)) {
    for (const field of Object.keys(candidate.data)) {
      for (const value of [...HOSTILE_TEXTS, ...HOSTILE_NUMBERS])
        yield { ...candidate, id: nextId(), data: { ...candidate.data, [field]: value } };
    }
  }
}

/** As many values of each label as that, in events that are right otherwise. */
function* manyLabels(count: number): Generator<object> {
  for (let value = 0; value < count; value++) {
    const candidate = ORDINARY[value % ORDINARY.length];
    const data: Record<string, unknown> = { ...candidate?.data };
    for (const label of LABELS) if (label in data) data[label] = `S${value}`;
    yield { ...candidate, id: nextId(), data };
  }
}

let ids = 0;
const nextId = (): string => `attack-${(ids += 1)}`;

/** Emits in chunks, so that the process is asked for other things in between; gives the number of emissions that threw. */
async function emitAll(events: Iterable<object>, emit: Emit): Promise<number> {
  let thrown = 0;
  let emitted = 0;
  for (const event of events) {
    try {
      emit((event as { readonly type: string }).type, event);
    } catch {
      thrown += 1;
    }
    if ((emitted += 1) % CHUNK === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return thrown;
}

function trip(scope: string): object {
  const limits = { reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 600_000 } as const;
  return createEvent('circuit_breaker.tripped', { scope, ...limits });
}

/** An application of its own process that imports the module and emits what its parent orders. */
async function run(options: ObservabilityOptions): Promise<void> {
  const app = await NestFactory.create(
    ObservabilityModule.forRoot({ ...options, imports: [EventEmitterModule.forRoot()] }),
  );
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  const emitter = app.get(EventEmitter2, { strict: false });
  const emit: Emit = (type, event) => void emitter.emit(type, event);
  const alerts = app.get(AlertService);
  process.on('message', ({ attack, count }: Order) => {
    const events = { values: hostileValues, labels: manyLabels, trip: () => [trip(`VICTIM${count}`)] }[
      attack
    ];
    void emitAll(events(count), emit).then((thrown) =>
      process.send?.({ thrown, open: alerts.active().length }),
    );
  });
  process.send?.(await app.getUrl());
}

void run(JSON.parse(process.argv[2] ?? '{}') as ObservabilityOptions);
