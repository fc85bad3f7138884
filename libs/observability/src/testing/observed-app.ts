import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { EventRecorder, type ObservabilityOptions, ObservabilityModule } from '../index';

/**
 * A small application of its own process: the module, whatever options it is given, over HTTP. It emits the events that it reads
 * from stdin, a line of JSON each, and ends in order with SIGTERM.
 */
async function run(options: ObservabilityOptions): Promise<void> {
  const app = await NestFactory.create(ObservabilityModule.forRoot(options));
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  await app.get(EventRecorder).ready();
  const emitter = app.get(EventEmitter2, { strict: false });
  createInterface({ input: process.stdin }).on('line', (line) => {
    const event = JSON.parse(line) as { readonly type: string };
    emitter.emit(event.type, event);
  });
  process.stdout.write(`listening at ${await app.getUrl()}\n`);
}

void run(JSON.parse(process.argv[2] ?? '{}') as ObservabilityOptions);
