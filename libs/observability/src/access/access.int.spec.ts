import { get } from 'node:http';
import type { NestApplication } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { register } from 'prom-client';
import { MetricsListener, ObservabilityModule } from '../index';

const OPERATOR = 'a-token-for-operators';
const READER = 'a-token-for-readers';
const apiTokens = [
  { name: 'eve', token: OPERATOR, role: 'operate' },
  { name: 'grafana', token: READER, role: 'read' },
] as const;

describe('What is shown to whom', () => {
  let app: NestApplication;
  beforeEach(() => register.clear());
  afterEach(() => app.close());

  async function start(options: Parameters<typeof ObservabilityModule.forRoot>[0]): Promise<void> {
    const imports = [EventEmitterModule.forRoot(), ObservabilityModule.forRoot({ apiTokens, ...options })];
    const testing = await Test.createTestingModule({ imports }).compile();
    app = testing.createNestApplication<NestApplication>({ logger: false });
    await app.listen(0, '127.0.0.1');
  }

  /** The status of the answer to somebody beyond this machine, of whom a trusted proxy on it tells. */
  async function status(path: string, token?: string, port?: number): Promise<number> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { 'x-forwarded-for': '192.0.2.7', ...authorization };
    const base = port === undefined ? await app.getUrl() : `http://127.0.0.1:${port}`;
    return (await fetch(base + path, { headers })).status;
  }

  const access = { public: ['health'], trustedProxies: ['127.0.0.1'] } as const;

  it('is to others what is public, and the rest to who has a token', async () => {
    await start({ access });
    for (const path of ['/health', '/health/live', '/health/ready']) expect(await status(path)).not.toBe(401);
    for (const path of [
      '/metrics',
      '/alerts',
      '/alerts/history',
      '/alerts/silences',
      '/alerts/dead-letters',
    ]) {
      expect([path, await status(path)]).toEqual([path, 401]);
      for (const token of [READER, OPERATOR]) expect([path, await status(path, token)]).toEqual([path, 200]);
    }
  });

  it('is to a program on this machine everything, but not behind something that passes requests on', async () => {
    await start({ access: { public: [] } });
    expect((await fetch(`${await app.getUrl()}/metrics`)).status).toBe(200);
    expect(await status('/metrics')).toBe(401);
  });

  it('is all but the page to everybody in an application that says nothing of it', async () => {
    await start({});
    expect(await status('/api/v1/overview')).toBe(401);
    expect(await status('/api/v1/overview', READER)).toBe(200);
    expect(await status('/metrics')).toBe(200);
    expect(await status('/alerts')).toBe(200);
  });

  it('is the same on a port of the metrics alone', async () => {
    await start({ access, telemetry: { metricsPort: 0 } });
    const { port } = app.get(MetricsListener);
    expect(await status('/metrics', undefined, port)).toBe(401);
    expect(await status('/metrics', READER, port)).toBe(200);
  });

  it('is nothing to a page whose name was made to point to the port of the metrics', async () => {
    await start({ access: { allowedHosts: ['bot.internal'] }, telemetry: { metricsPort: 0 } });
    const { port } = app.get(MetricsListener);
    const named = (host: string) =>
      new Promise((resolve, reject) => {
        get({ port, host: '127.0.0.1', path: '/metrics', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
    expect(await named('evil.example')).toBe(403);
    expect(await named(`127.0.0.1:${port}`)).toBe(200);
    expect(await named('bot.internal')).toBe(200);
  });

  it('slows each client of a proxy by itself', async () => {
    await start({ access });
    for (let i = 0; i < 5; i++) expect(await status('/alerts', 'guess')).toBe(401);
    expect(await status('/alerts', 'guess')).toBe(429);
    const headers = { 'x-forwarded-for': '192.0.2.8', authorization: 'Bearer typo' };
    expect((await fetch(`${await app.getUrl()}/alerts`, { headers })).status).toBe(401);
    expect(await status('/alerts', READER)).toBe(200);
  });
});
