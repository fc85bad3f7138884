import 'reflect-metadata';
import { Controller, Get, Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import {
  type AlertChannel,
  type AlertPayload,
  ObservabilityModule,
  TradingEvents,
} from '@opensqt/observability';

/** Somebody's application: events of its own with wildcards, in a module of its own, and observability as one import among others. */
interface Host {
  /** The file of the event log. */
  readonly log: string;
  readonly adapter: 'express' | 'fastify';
  /** The place of observability among the imports. */
  readonly observability: 'first' | 'last';
  /** True: the application answers `/health` itself. */
  readonly ownHealth: boolean;
  readonly http?: { readonly health?: false; readonly prefix?: true };
  /** The application's global prefix. */
  readonly prefix?: string;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

@Injectable()
class Bookkeeping {
  constructor(private readonly events: TradingEvents) {}

  @OnEvent('order.*')
  heard({ type }: { readonly type: string }): void {
    print(`the host heard ${type}`);
  }

  fill(): void {
    this.events.filled({
      symbol: 'BTCUSDT',
      strategy: 'mine',
      orderId: '1',
      fillId: '1',
      side: 'buy',
      price: '60000',
      quantity: '0.1',
      remaining: '0',
      fee: '0',
      feeAsset: 'USDT',
    });
  }
}

@Module({ imports: [EventEmitterModule.forRoot({ wildcard: true })], providers: [Bookkeeping] })
class BookkeepingModule {}

@Controller('health')
class OwnHealth {
  @Get()
  all(): object {
    return { host: 'well' };
  }
}

@Module({ controllers: [OwnHealth] })
class OwnHealthModule {}

@Injectable()
class ConsoleChannel implements AlertChannel {
  readonly name = 'console';
  async send({ level, title }: AlertPayload): Promise<void> {
    print(`alert ${level} ${title}`);
  }
}

async function main({ log, adapter, observability, ownHealth, http, prefix }: Host): Promise<void> {
  const observed = ObservabilityModule.forRoot({
    eventLog: { kind: 'sqlite', path: log },
    alerts: { largeExecution: { threshold: '5000' } },
    apiToken: 'secret',
    channels: [ConsoleChannel],
    ...(http === undefined ? {} : { http }),
  });
  const own: (DynamicModule | Type)[] = [BookkeepingModule, ...(ownHealth ? [OwnHealthModule] : [])];
  @Module({ imports: observability === 'first' ? [observed, ...own] : [...own, observed] })
  class AppModule {}

  const app =
    adapter === 'express'
      ? await NestFactory.create(AppModule, { logger: ['warn', 'error'] })
      : await NestFactory.create(AppModule, await fastify('@nestjs/platform-fastify'), {
          logger: ['warn', 'error'],
        });
  if (prefix !== undefined) app.setGlobalPrefix(prefix);
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  app.get(Bookkeeping, { strict: false }).fill();
  print(`listening ${await app.getUrl()}`);
}

/** The adapter is the host's alone: the workspace does not have it. */
async function fastify(name: string): Promise<AbstractHttpAdapter> {
  const { FastifyAdapter } = (await import(name)) as { FastifyAdapter: new () => AbstractHttpAdapter };
  return new FastifyAdapter();
}

void main(JSON.parse(process.argv[2] ?? '{}') as Host);
