import type { AddressInfo } from 'node:net';
import {
  All,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type LoggerService,
  Module,
  type NestInterceptor,
  VERSION_NEUTRAL,
  VersioningType,
} from '@nestjs/common';
import { type NestApplication, Reflector } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { map } from 'rxjs';
import request from 'supertest';
import { ObservabilityImportError, ObservabilityModule } from '../index';

/** The application's own: everything is wrapped, refused, piped and caught. */
class Envelope implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}
class Refusal implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}
class Breaking {
  transform(): never {
    throw new Error('no such pipe');
  }
}
@Catch()
class Teapot {
  catch(_: unknown, host: ArgumentsHost): void {
    host
      .switchToHttp()
      .getResponse<{ status(code: number): { json(body: object): void } }>()
      .status(418)
      .json({});
  }
}

/** A key that the application has, which its guard asks for. */
@Injectable()
class Keys {
  readonly key = 'k';
}
@Injectable()
class KeyGuard implements CanActivate {
  constructor(
    private readonly keys: Keys,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    const isPublic = this.reflector.getAllAndOverride<boolean>('isPublic', [
      context.getHandler(),
      context.getClass(),
    ]);
    return isPublic === true || headers['x-key'] === this.keys.key;
  }
}

@Controller()
class Everything {
  @All('*path')
  all(): string {
    return 'the page of the application';
  }
}
@Controller({ path: 'health', version: '1' })
class VersionedHealth {
  @Get()
  all(): string {
    return 'of the application';
  }
}
@Controller({ path: 'health', version: VERSION_NEUTRAL })
class NeutralHealth extends VersionedHealth {}

@Module({ controllers: [Everything], providers: [Keys, KeyGuard] })
class HostModule {}
@Module({ controllers: [VersionedHealth] })
class VersionedModule {}
@Module({ controllers: [NeutralHealth] })
class NeutralModule {}

type Options = NonNullable<Parameters<typeof ObservabilityModule.forRoot>[0]>;

describe('the routes of ObservabilityModule in an application with rules for all of its own', () => {
  let app: NestApplication;

  afterEach(() => app.close());

  async function start(
    options: Options,
    imports: readonly (new () => object)[] = [HostModule],
    set: (app: NestApplication) => void = () => undefined,
    logger: LoggerService | false = false,
  ): Promise<void> {
    const testing = await Test.createTestingModule({
      imports: [...imports, EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)],
    }).compile();
    app = testing.createNestApplication<NestApplication>({ logger });
    set(app);
    await app.init();
  }

  const get = (path: string): request.Test => request(app.getHttpServer()).get(path);
  const strict = (host: NestApplication): void => {
    host.useGlobalInterceptors(new Envelope());
    host.useGlobalGuards(new Refusal());
    host.useGlobalPipes(new Breaking());
    host.useGlobalFilters(new Teapot());
    host.setGlobalPrefix('api');
    host.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  };

  it('answer as if there were none of them', async () => {
    await start({ apiToken: 'secret' }, [HostModule], strict);
    expect((await get('/metrics').expect(200)).text).toContain('market_maker_');
    expect((await get('/health').expect(200)).body).toMatchObject({ status: 'ok' });
    expect((await get('/alerts/history?limit=5').expect(200)).body).toEqual([]);
    expect((await get('/alerts/history?limit=many').expect(400)).body).toHaveProperty('message');
    const server = request(app.getHttpServer());
    await server.post('/alerts/test').expect(401);
    await server
      .post('/alerts/nowhere/resolve')
      .set('Authorization', 'Bearer secret')
      .send({ by: 'me' })
      .expect(404);
    await get('/api/v1/metrics').expect(418);
  });

  it('are below its prefix where that is asked for, and not below its version', async () => {
    await start({ http: { prefix: true } }, [HostModule], strict);
    await get('/api/metrics').expect(200);
    await get('/api/health/live').expect(200);
    await get('/metrics').expect(404);
  });

  it('clash with a route of its own only where that has the same address', async () => {
    await start({}, [VersionedModule], strict);
    await get('/health').expect(200);
    await app.close();
    await start({ http: { prefix: true } }, [VersionedModule], strict);
    await app.close();
    const versioned = (host: NestApplication): void =>
      void host.enableVersioning({ type: VersioningType.URI });
    await expect(start({}, [NeutralModule], versioned)).rejects.toThrow('NeutralHealth');
  });

  it('have the guards that are named, which may need what the application provides', async () => {
    await start({ http: { guards: [KeyGuard] } });
    await get('/metrics').expect(403);
    await get('/health').set('x-key', 'k').expect(200);
  });

  it('have guards that only they have, made or given', async () => {
    await start({ http: { guards: [Refusal] } }, []);
    await get('/metrics').expect(403);
    await app.close();
    await start({ http: { guards: [new Refusal()] } }, []);
    await get('/metrics').expect(403);
  });

  it('are marked for guards that look for a mark', async () => {
    await start({ http: { guards: [KeyGuard], metadata: { isPublic: true } } });
    await get('/metrics').expect(200);
  });

  it('refuse a guard that is none', async () => {
    await start({}, []);
    class None {
      readonly allowed = true;
    }
    const guards = [None] as unknown as NonNullable<Options['http']>['guards'];
    expect(() => ObservabilityModule.forRoot({ http: { guards } })).toThrow('http.guards[0]: ');
  });

  it('are logged with their address once the application listens', async () => {
    const lines: string[] = [];
    const log = (line: unknown): void => void lines.push(String(line));
    const logger = { log, warn: log, error: log };
    await start({ http: { prefix: true, alerts: false } }, [], (host) => host.setGlobalPrefix('api'), logger);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    expect(lines).toContain(`Metrics at http://127.0.0.1:${port}/api/metrics`);
    expect(lines).toContain(`Health at http://127.0.0.1:${port}/api/health`);
    expect(lines.filter((line) => line.startsWith('Alerts'))).toEqual([]);
  });
});

describe('ObservabilityModule, imported more than once', () => {
  const compile = (...imports: unknown[]) =>
    Test.createTestingModule({ imports: imports as [] })
      .setLogger({ log() {}, warn() {}, error() {} })
      .compile();

  it('is one where the object of one forRoot() is imported, or the class beside it', async () => {
    const observed = ObservabilityModule.forRoot();
    @Module({ imports: [observed] })
    class One {}
    @Module({ imports: [ObservabilityModule] })
    class Other {}
    await (await compile(observed, One, Other)).close();
  });

  it('is refused with two of forRoot(), naming who imports them', async () => {
    @Module({ imports: [ObservabilityModule.forRoot({ isGlobal: false })] })
    class Orders {}
    const both = compile(Orders, ObservabilityModule.forRoot());
    await expect(both).rejects.toThrow(ObservabilityImportError);
    await expect(both).rejects.toThrow('ObservabilityModule.forRoot() is called 2 times');
    await expect(both).rejects.toThrow('Orders');
  });

  it('is refused without forRoot()', async () => {
    await expect(compile(ObservabilityModule)).rejects.toThrow(
      'Import ObservabilityModule.forRoot() in the root module.',
    );
  });
});
