import 'reflect-metadata';
import {
  type DynamicModule,
  type INestApplication,
  Module,
  type NestApplicationOptions,
  type Type,
  VersioningType,
} from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ObservabilityModule } from '@opensqt/observability';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Counter, Registry, collectDefaultMetrics, register } from 'prom-client';
import type { Host } from '../table';
import {
  Bookkeeping,
  Envelope,
  HouseFilter,
  KeyGuard,
  Keys,
  OwnCheckModule,
  OwnController,
  OwnHealth,
  TradingModule,
  print,
} from './features';
import { ownMeterProvider } from './own-telemetry';

/** Somebody's application, which has observability as one import among others. Arguments: the host, and a folder for its logs. */
const host = JSON.parse(process.argv[2] ?? '{}') as Host;
const logs = process.argv[3] ?? '.';

const registry = host.registry === 'own' ? new Registry() : undefined;
if (host.metrics === 'collected') collectDefaultMetrics({ register: registry ?? register });
new Counter({ name: 'own_total', help: 'of the application', registers: [registry ?? register] }).inc();

/** Registers process metrics when it is called: once in a process. */
const prometheus =
  host.metrics === 'module' ? PrometheusModule.register({ path: '/own-metrics' }) : undefined;

/** The root module of an application that keeps its log there. */
function applicationModule(log: string): Type {
  const observed = ObservabilityModule.forRoot({
    eventLog: { kind: 'sqlite', path: `${logs}/${log}.db` },
    apiToken: 'secret',
    http: {
      prefix: host.prefix === 'asked',
      guards: host.guard === 'named' ? [KeyGuard] : [],
      ...(host.health === 'own' ? { health: false as const } : {}),
      ...(host.health === 'moved' ? { health: '/observability/health' } : {}),
    },
    ...(registry === undefined ? {} : { registry }),
  });
  const own: (Type | DynamicModule)[] = [
    ...(prometheus === undefined ? [] : [prometheus]),
    ...(host.terminus ? [OwnCheckModule] : []),
  ];
  @Module({
    imports:
      host.emitter === 'before' ? [TradingModule, ...own, observed] : [observed, ...own, TradingModule],
    controllers: [OwnController, ...(host.health === 'ours' ? [] : [OwnHealth])],
    providers: [Keys, KeyGuard],
  })
  class AppModule {}
  return AppModule;
}

async function start(module: Type): Promise<INestApplication> {
  const options: NestApplicationOptions = { logger: ['log', 'warn', 'error', 'fatal'] };
  const app =
    host.adapter === 'express'
      ? await NestFactory.create(module, options)
      : await NestFactory.create(module, await fastify('@nestjs/platform-fastify'), options);
  if (host.prefix !== 'none') app.setGlobalPrefix('api');
  if (host.versioning) app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  if (host.guard === 'global') app.useGlobalGuards(app.get(KeyGuard));
  if (host.envelope) app.useGlobalInterceptors(new Envelope());
  if (host.filter) app.useGlobalFilters(new HouseFilter(app.get(HttpAdapterHost)));
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  return app;
}

/** The adapter is the host's alone: the workspace does not have it. */
async function fastify(name: string): Promise<AbstractHttpAdapter> {
  const { FastifyAdapter } = (await import(name)) as { FastifyAdapter: new () => AbstractHttpAdapter };
  return new FastifyAdapter();
}

async function main(): Promise<void> {
  let telemetry = host.openTelemetry === 'before' ? ownMeterProvider() : undefined;
  const module = applicationModule('one');
  const first = await start(module);
  if (host.openTelemetry === 'after') telemetry = ownMeterProvider();
  first.get(Bookkeeping, { strict: false }).fill('first');
  const apps = [first];
  if (host.applications === 'again') {
    await first.close();
    apps.splice(0, 1, await start(module));
  }
  if (host.applications === 'two') apps.push(await start(applicationModule('two')));
  for (const app of apps) app.get(Bookkeeping, { strict: false }).fill('second');
  if (telemetry !== undefined) print(`own instruments: ${(await telemetry.collected()).join(', ')}`);
  print(`listening ${JSON.stringify(await Promise.all(apps.map((app) => app.getUrl())))}`);
}

void main();
