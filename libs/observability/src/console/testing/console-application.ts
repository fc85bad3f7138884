import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { AnyEvent } from '@opensqt/trading-events';
import { register } from 'prom-client';
import { ObservabilityModule } from '../../observability.module';
import type { RootOptions } from '../../options/options.module';

/** An application with the page, on a port of its own. */
export interface ConsoleApplication {
  readonly app: INestApplication;
  readonly url: string;
  emit(...events: readonly AnyEvent[]): void;
  close(): Promise<void>;
}

/**
 * Starts an application that has nothing but the module, with a prefix where it is given one.
 *
 * @param configure what else the application does with requests
 */
export async function startConsole(
  options: RootOptions = {},
  prefix?: string,
  configure?: (app: INestApplication) => void,
): Promise<ConsoleApplication> {
  register.clear();
  const http = { ...options.http, prefix: prefix !== undefined };
  const module = ObservabilityModule.forRoot({ imports: [EventEmitterModule.forRoot()], ...options, http });
  const app = (await Test.createTestingModule({ imports: [module] }).compile()).createNestApplication({
    logger: false,
  });
  if (prefix !== undefined) app.setGlobalPrefix(prefix);
  configure?.(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    emit: (...events) => {
      for (const event of events) app.get(EventEmitter2).emit(event.type, event);
    },
    close: () => app.close(),
  };
}

/** A message of server-sent events. */
export interface StreamMessage {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A page that listens to the stream. */
export interface StreamPage {
  readonly messages: readonly StreamMessage[];
  close(): void;
}

/** Listens, after the position that the last page knew where one is given. */
export function openPage(url: string, lastEventId?: number): StreamPage {
  const messages: StreamMessage[] = [];
  let text = '';
  const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
  const request = get(url, { headers }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const parts = (text + chunk).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const fields = new Map(
          part.split('\n').map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
        );
        const data = fields.get('data');
        if (data === undefined) continue;
        messages.push({
          id: fields.get('id'),
          event: fields.get('event') ?? '',
          data: JSON.parse(data) as StreamMessage['data'],
        });
      }
    });
    response.on('error', () => undefined);
  });
  request.on('error', () => undefined);
  return { messages, close: () => request.destroy() };
}
