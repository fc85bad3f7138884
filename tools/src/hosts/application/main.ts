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
import { ConfigService } from '@nestjs/config';
import { loadConfiguration } from '@opensqt/configuration';
import { configurationModule } from '@opensqt/configuration/nest';
import { ObservabilityModule, type ObservabilityOptions } from '@opensqt/observability';
import { metrics } from '@opentelemetry/api';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Counter, Registry, collectDefaultMetrics, register } from 'prom-client';
import type { Places } from '../receivers';
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

/** Somebody's application, which has observability as one import among others. Arguments: the host, and its places. */
const host = JSON.parse(process.argv[2] ?? '{}') as Host;
const places = JSON.parse(process.argv[3] ?? '{}') as Places;

const registry = host.registry === 'own' ? new Registry() : undefined;
if (host.metrics === 'collected') collectDefaultMetrics({ register: registry ?? register });
new Counter({ name: 'own_total', help: 'of the application', registers: [registry ?? register] }).inc();

/** Registers process metrics when it is called: once in a process. */
const prometheus =
  host.metrics === 'module' ? PrometheusModule.register({ path: '/own-metrics' }) : undefined;

/** Ours is the global provider where the application has none, and only one asks for it. */
const showsInstruments = host.configured && host.openTelemetry === 'none' && host.applications === 'one';

/** A log of that name, and where alerts and metrics go. */
function outward(log: string): Pick<ObservabilityOptions, 'eventLog' | 'alerts' | 'telemetry'> {
  if (!host.configured) return { eventLog: { kind: 'sqlite', path: `${places.folder}/${log}.db` } };
  const { postgres, schema, mailPort, mailTo: to, collector } = places;
  const server = { host: '127.0.0.1', port: mailPort, secure: 'none' } as const;
  const email = { enabled: true, ...server, from: 'bot@mm.example', to };
  return {
    eventLog: { kind: 'postgres', url: postgres, schema: `${schema}_${log}` },
    alerts: { largeExecution: { threshold: '5000' }, email },
    telemetry: { otlp: { endpoint: collector, interval: '1s' }, openTelemetry: showsInstruments },
  };
}

/** The root module of an application that keeps its log there. */
async function applicationModule(log: string): Promise<Type> {
  const observed = ObservabilityModule.forRoot({
    ...outward(log),
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
    ...(host.configured
      ? [await configurationModule(loadConfiguration({ env: {}, cwd: places.folder }))]
      : []),
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
  const module = await applicationModule('one');
  const first = await start(module);
  if (host.openTelemetry === 'after') telemetry = ownMeterProvider();
  first.get(Bookkeeping, { strict: false }).fill('first');
  const apps = [first];
  if (host.applications === 'again') {
    await first.close();
    apps.splice(0, 1, await start(module));
  }
  if (host.applications === 'two') apps.push(await start(await applicationModule('two')));
  for (const app of apps) app.get(Bookkeeping, { strict: false }).fill('second');
  if (showsInstruments) metrics.getMeter('own').createCounter('own_shown').add(1);
  if (host.configured)
    print(`configured port ${first.get(ConfigService, { strict: false }).get<number>('server.port')}`);
  if (telemetry !== undefined) print(`own instruments: ${(await telemetry.collected()).join(', ')}`);
  print(`listening ${JSON.stringify(await Promise.all(apps.map((app) => app.getUrl())))}`);
}

void main();
