import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ObservabilityModule } from '@opensqt/observability';
import { TradingModule } from './trading.module.js';

@Module({
  imports: [
    EventEmitterModule.forRoot({ wildcard: true }),
    ObservabilityModule.forRoot({ name: 'desk', alerts: { largeExecution: { threshold: '5000' } } }),
    TradingModule,
  ],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
console.log(`Listening on ${await app.getUrl()}`);
