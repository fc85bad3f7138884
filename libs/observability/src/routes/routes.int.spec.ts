import { Controller, Get, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import type { NestApplication } from '@nestjs/core';
import request from 'supertest';
import { HealthService, ObservabilityModule, RouteClashError } from '../index';

@Controller('health')
class OwnHealth {
  @Get()
  all(): string {
    return 'the host is well';
  }
}

@Module({ controllers: [OwnHealth] })
class HostModule {}

type Http = Parameters<typeof ObservabilityModule.forRoot>[0];

describe('the routes of ObservabilityModule in an application', () => {
  let app: NestApplication | undefined;

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(options: Http, ...own: (typeof HostModule)[]): Promise<void> {
    const imports = [...own, EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)];
    const testing = await Test.createTestingModule({ imports }).compile();
    app = testing.createNestApplication<NestApplication>({ logger: false });
    await app.init();
  }

  const get = (path: string): request.Test => request(app?.getHttpServer()).get(path);

  it('refuse an application that answers one of them itself, and name both', async () => {
    await expect(start({}, HostModule)).rejects.toThrow(
      new RouteClashError('GET /health', 'OwnHealth', 'HealthController'),
    );
    await expect(start({}, HostModule)).rejects.toThrow(
      "GET /health is answered by the application's OwnHealth and by ObservabilityModule's HealthController. " +
        'Move ours with ObservabilityModule.forRoot({ http: … }), or leave it out: http: { health: false }.',
    );
  });

  it('leave a path to the application where they are told so', async () => {
    await start({ http: { health: false } }, HostModule);
    expect((await get('/health').expect(200)).text).toBe('the host is well');
    await get('/health/ready').expect(404);
    await get('/metrics').expect(200);
  });

  it('are where the options put them', async () => {
    await start(
      { http: { metrics: '/ops/metrics', health: '/ops/health', alerts: '/ops/alerts' } },
      HostModule,
    );
    for (const path of ['/ops/metrics', '/ops/health/ready', '/ops/alerts']) await get(path).expect(200);
    for (const path of ['/metrics', '/alerts']) await get(path).expect(404);
  });

  it('are refused where a path is none', () => {
    expect(() => ObservabilityModule.forRoot({ http: { health: 'health' } })).toThrow(
      'http.health: found "health"; allowed: a path such as /health, or false for none',
    );
  });

  it('have an indicator for the own check of an application that uses terminus', async () => {
    @Controller('health')
    class Checked {
      constructor(
        private readonly terminus: HealthCheckService,
        private readonly health: HealthService,
      ) {}

      @Get()
      check(): unknown {
        return this.terminus.check([this.health.indicator()]);
      }
    }
    @Module({ imports: [TerminusModule.forRoot({ logger: false })], controllers: [Checked] })
    class CheckedModule {}

    await start({ http: { health: false } }, CheckedModule);
    const { body } = (await get('/health').expect(200)) as { body: unknown };
    expect(body).toMatchObject({ status: 'ok', details: { observability: { status: 'up' } } });
  });
});
