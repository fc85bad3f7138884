import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { MarketMakerEvent } from '@opensqt/trading-events';
import { EventRecorder } from '../../../ingest/event-recorder';
import { ObservabilityModule } from '../../../observability.module';
import type { ObservabilityOptions } from '../../../options/observability-options';
import { surviveBrokenOutput } from '../../../channels/log/survive-broken-output';

/** The whole module in a process that is there to be killed: it emits what its parent sends. */
async function run(options: ObservabilityOptions): Promise<void> {
  surviveBrokenOutput(process.stdout);
  surviveBrokenOutput(process.stderr);
  const app = await NestFactory.createApplicationContext(ObservabilityModule.forRoot(options));
  await app.get(EventRecorder).ready();
  const emitter = app.get(EventEmitter2, { strict: false });
  process.on('message', (events: readonly MarketMakerEvent[]) => {
    for (const event of events) emitter.emit(event.type, event);
  });
  process.send?.('ready');
}

void run(JSON.parse(process.argv[2] ?? '{}') as ObservabilityOptions);
