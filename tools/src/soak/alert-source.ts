import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { AlertService, EventRecorder, ObservabilityModule } from '@opensqt/observability';
import { seededRandom } from '@opensqt/trading-events';
import { report } from '../kills/messages';
import { DIRECT_HOST, type Ports, alertsAt } from './providers';
import { eventNumber, lastTrouble, somethingHappens } from './trouble';

/** The task of a source of alerts: its one argument, as JSON. */
export interface SourceTask {
  readonly path: string;
  readonly ports: Ports;
  readonly seed: string;
  readonly run: number;
  /** True to let nothing happen any more, and to end once nothing waits for its delivery. */
  readonly drain: boolean;
}

const MAX_QUIET_MS = 500;
/** Messages that wait while more troubles begin: with many more, what ends meanwhile would never be sent. */
const MAX_WAITING = 30;

/** A process in which troubles begin and end at random until it is killed. */
async function run({ path, ports, seed, run: number, drain }: SourceTask): Promise<void> {
  process.env['NO_PROXY'] = DIRECT_HOST;
  const app = await NestFactory.createApplicationContext(
    ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      eventLog: { kind: 'sqlite', path },
      alerts: alertsAt(ports),
    }),
  );
  await app.get(EventRecorder).ready();
  const emitter = app.get(EventEmitter2, { strict: false });
  const alerts = app.get(AlertService);
  report({ run: number });
  if (drain) {
    const last = lastTrouble(eventNumber(number, 0));
    emitter.emit(last.type, last);
    while (!isQuiet(alerts)) await delay(50);
    await app.close();
    return;
  }
  const random = seededRandom(`trouble:${seed}:${number}`);
  for (let index = 0; ; index++) {
    if (alerts.channelHealth().pending < MAX_WAITING) {
      const event = somethingHappens(random, alerts.active(), eventNumber(number, index));
      emitter.emit(event.type, event);
    }
    await delay(random() * MAX_QUIET_MS);
  }
}

/** Everything that happened was decided on, since the last thing was; nothing falls due any more, and nothing waits. */
function isQuiet(alerts: AlertService): boolean {
  const open = alerts.active();
  return (
    alerts.channelHealth().pending === 0 &&
    open.some(({ labels }) => labels['scope'] === 'LAST') &&
    !open.some(({ condition, level }) => condition === 'exchange_disconnect' && level === 'WARNING')
  );
}

void run(JSON.parse(process.argv[2] ?? '{}') as SourceTask);
