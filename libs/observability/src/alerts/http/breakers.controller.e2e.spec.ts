import { type INestApplication, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { ObservabilityModule } from '../../observability.module';
import type { BreakerPort, BreakerReset, BreakerResetResult } from '../../options/breaker-port';

const TOKEN = 'a-token-for-operators';
const BODY = { reason: 'prices were checked' };
const DONE = { by: 'token', reason: 'prices were checked' };

/** An application's breakers, of which some are tripped. */
@Injectable()
class Desk implements BreakerPort {
  readonly tripped = new Set(['BTCUSDT', 'global']);
  readonly resets: (BreakerReset & { readonly scope: string })[] = [];

  reset(scope: string, request: BreakerReset): Promise<BreakerResetResult> {
    if (scope === 'broken') return Promise.reject(new Error('Nothing is traded at the moment.'));
    const reset = this.tripped.delete(scope);
    if (reset) this.resets.push({ scope, ...request });
    return Promise.resolve({ reset, tripped: [...this.tripped] });
  }
}

@Module({ providers: [Desk], exports: [Desk] })
class DeskModule {}

describe('POST /breakers/:scope/reset', () => {
  let app: INestApplication;
  beforeEach(() => register.clear());
  afterEach(() => app.close());

  async function start(module: ReturnType<typeof ObservabilityModule.forRoot>): Promise<void> {
    const testing = await Test.createTestingModule({ imports: [module] }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
  }

  const reset = (scope: string, body: object = BODY, token = TOKEN) =>
    request(app.getHttpServer())
      .post(`/breakers/${encodeURIComponent(scope)}/reset`)
      .set('authorization', `Bearer ${token}`)
      .send(body);

  it('asks the application, and answers with what is still tripped', async () => {
    const desk = new Desk();
    await start(ObservabilityModule.forRoot({ apiToken: TOKEN, breakers: desk }));
    const { body } = await reset('BTCUSDT').expect(200);
    expect(body).toEqual({ scope: 'BTCUSDT', ...DONE, tripped: ['global'] });
    expect(desk.resets).toEqual([{ scope: 'BTCUSDT', ...DONE }]);
  });

  it('is done by the name of the token, and keeps the claim of somebody else as one', async () => {
    const desk = new Desk();
    const apiTokens = [
      { name: 'eve', token: TOKEN, role: 'operate' },
      { name: 'grafana', token: 'a-token-for-readers', role: 'read' },
    ] as const;
    await start(ObservabilityModule.forRoot({ apiTokens, breakers: desk }));
    await reset('BTCUSDT', { ...BODY, by: 'eve' }).expect(200);
    await reset('global', { ...BODY, by: 'mallory' }).expect(200);
    expect(desk.resets).toEqual([
      { scope: 'BTCUSDT', by: 'eve', reason: 'prices were checked' },
      { scope: 'global', by: 'eve', reason: 'prices were checked (as mallory)' },
    ]);
    const { body } = await reset('BTCUSDT', BODY, 'a-token-for-readers').expect(403);
    expect(body.message).toBe("The token of 'grafana' has the role read, which changes nothing.");
  });

  it('asks a port that a factory knows', async () => {
    const module = ObservabilityModule.forRootAsync({
      imports: [DeskModule],
      inject: [Desk],
      useFactory: (desk: Desk) => ({ apiToken: TOKEN, breakers: desk }),
    });
    await start(module);
    await reset('global').expect(200);
    expect(app.get(Desk, { strict: false }).resets).toEqual([{ scope: 'global', ...DONE }]);
  });

  it('names the breakers that are tripped where the one that was meant is not', async () => {
    await start(ObservabilityModule.forRoot({ apiToken: TOKEN, breakers: new Desk() }));
    const { body } = await reset('ETHUSDT').expect(404);
    expect(body.message).toBe("The breaker of 'ETHUSDT' is not tripped. Tripped: BTCUSDT, global.");
    await reset('BTCUSDT').expect(200);
    await reset('global').expect(200);
    const { body: again } = await reset('BTCUSDT').expect(404);
    expect(again.message).toBe("The breaker of 'BTCUSDT' is not tripped. None is.");
  });

  it('passes on why the application could not do it', async () => {
    await start(ObservabilityModule.forRoot({ apiToken: TOKEN, breakers: new Desk() }));
    const { body } = await reset('broken').expect(503);
    expect(body.message).toBe('Nothing is traded at the moment.');
  });

  it('says that it cannot, where the application offers no reset', async () => {
    await start(ObservabilityModule.forRoot({ apiToken: TOKEN }));
    const { body } = await reset('BTCUSDT').expect(501);
    expect(body.message).toContain('`breakers`');
  });

  it('needs the token', async () => {
    const desk = new Desk();
    await start(ObservabilityModule.forRoot({ apiToken: TOKEN, breakers: desk }));
    await reset('BTCUSDT', BODY, 'guess').expect(401);
    expect(desk.resets).toEqual([]);
  });

  it('is refused where no token is configured', async () => {
    await start(ObservabilityModule.forRoot({ breakers: new Desk() }));
    await reset('BTCUSDT').expect(403);
  });

  it.each([
    ['BTCUSDT', { by: 'eve' }, 'reason must be a text'],
    ['BTCUSDT', { by: ' ', reason: 'checked' }, 'by must be a text'],
    ['BTCUSDT', { by: 'eve', reason: 'x'.repeat(1_001) }, 'reason must be a text of 1 to 1000'],
    ['BTCUSDT', [BODY], 'a JSON object'],
    ['X'.repeat(65), BODY, 'The scope must be'],
    ['BTC\nUSDT', BODY, 'The scope must be'],
    [' ', BODY, 'The scope must be'],
  ])('refuses %j with %j', async (scope, body, sentence) => {
    const desk = new Desk();
    await start(ObservabilityModule.forRoot({ apiToken: TOKEN, breakers: desk }));
    const { body: answer } = await reset(scope, body).expect(400);
    expect(answer.message).toContain(sentence);
    expect(desk.resets).toEqual([]);
  });

  it('is not started with breakers that cannot be reset', async () => {
    await start(ObservabilityModule.forRoot());
    const breakers = { rest: () => undefined } as unknown as BreakerPort;
    const module = Test.createTestingModule({ imports: [ObservabilityModule.forRoot({ breakers })] });
    await expect(module.compile()).rejects.toThrow('breakers: found');
  });
});
