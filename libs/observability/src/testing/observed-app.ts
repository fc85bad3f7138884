import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import type { TradingEvent } from '@opensqt/trading-events';
import { surviveBrokenOutput } from '../channels/log/survive-broken-output';
import { EventRecorder, type ObservabilityOptions, ObservabilityModule } from '../index';

/**
 * A small application of its own process: the module, whatever options it is given, over HTTP. It emits the events that its
 * parent sends, and ends in order with SIGTERM.
 */
async function run(options: ObservabilityOptions): Promise<void> {
  surviveBrokenOutput(process.stdout);
  surviveBrokenOutput(process.stderr);
  const app = await NestFactory.create(
    ObservabilityModule.forRoot({ ...options, imports: [EventEmitterModule.forRoot()] }),
  );
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  await app.get(EventRecorder).ready();
  const emitter = app.get(EventEmitter2, { strict: false });
  process.on('message', (events: readonly TradingEvent[]) => {
    for (const event of events) emitter.emit(event.type, event);
  });
  process.send?.(await app.getUrl());
}

void run(JSON.parse(process.argv[2] ?? '{}') as ObservabilityOptions);
