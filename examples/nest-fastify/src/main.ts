import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type AlertChannel,
  type AlertPayload,
  AlertService,
  ObservabilityModule,
  TradingEvents,
} from '@opensqt/observability';

/** A channel of one's own: one attempt; queue, order and retries are the module's. */
@Injectable()
class DeskChannel implements AlertChannel {
  readonly name = 'desk';

  async send({ level, title }: AlertPayload): Promise<void> {
    console.log(`desk: ${level} ${title}`);
  }
}

@Module({
  imports: [
    EventEmitterModule.forRoot(),
    ObservabilityModule.forRootAsync({
      channels: [DeskChannel],
      useFactory: () => ({
        name: process.env['BOT'] ?? 'desk',
        eventLog: { kind: 'sqlite', path: process.env['LOG'] ?? 'data/events.db' },
      }),
    }),
  ],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);

app.get(TradingEvents).breakerTripped({
  ...{ scope: 'BTCUSDT', reason: 'max_drawdown', value: '512.30', threshold: 500, cooldownMs: 600_000 },
});
console.log(`${app.get(AlertService).active().length} open alerts at the start`);
