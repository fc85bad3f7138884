import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { collectDefaultMetrics, register } from 'prom-client';

/** The least that an observed Nest application is: it serves Node's own metrics. */
@Controller()
class MetricsController {
  constructor() {
    collectDefaultMetrics();
  }

  @Get('metrics')
  metrics(): Promise<string> {
    return register.metrics();
  }
}

@Module({ controllers: [MetricsController] })
class EmptyModule {}

void NestFactory.create(EmptyModule, { logger: false }).then((application) =>
  application.listen(Number(process.argv[2]), '127.0.0.1'),
);
