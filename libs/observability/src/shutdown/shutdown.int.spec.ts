import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplication, Logger } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import { ObservabilityModule } from '../observability.module';

describe('An application with the module', () => {
  let folder: string;
  let app: INestApplication;
  let warnings: string[];

  beforeEach(async () => {
    register.clear();
    folder = await mkdtemp(join(tmpdir(), 'opensqt-shutdown-'));
    warnings = [];
    jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((line: unknown) => void warnings.push(String(line)));
    const testing = await Test.createTestingModule({
      imports: [
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({ eventLog: { kind: 'sqlite', path: join(folder, 'events.db') } }),
      ],
    }).compile();
    app = testing.createNestApplication({ logger: false });
  });

  afterEach(async () => {
    await app.close();
    jest.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  it('closes though connections are open that never send a whole request', async () => {
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    const [, half, alive] = sockets;
    const closed = sockets.map((socket) =>
      once(
        socket.on('error', () => undefined),
        'close',
      ),
    );
    half?.write('GET /metrics HTTP/1.1\r\nhost: x\r\n');
    alive?.write('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\n\r\n');
    if (alive !== undefined) await once(alive, 'data');

    await app.close();
    await Promise.all(closed);
  });

  it('warns when nothing listens to SIGTERM', async () => {
    const listeners = process.listeners('SIGTERM');
    process.removeAllListeners('SIGTERM');
    try {
      await app.init();
      await eventually(() => warnings.some((line) => line.includes('enableShutdownHooks')), {
        within: 10_000,
      });
    } finally {
      for (const listener of listeners) process.on('SIGTERM', listener);
    }
  });

  it('is silent where shutdown hooks are enabled', async () => {
    app.enableShutdownHooks(['SIGTERM']);
    await app.init();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(warnings.filter((line) => line.includes('SIGTERM'))).toEqual([]);
  });
});
