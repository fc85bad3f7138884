import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type EventLog, EventLogError, MemoryEventLog } from '@opensqt/event-log';
import { AlertLevel, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import { AlertApplication } from '../alerts/delivery/testing/alert-application';
import { ObservabilityModule } from '../observability.module';
import { EVENT_LOG } from './event-log';
import { EventRecorder } from './event-recorder';

describe('a log that has events of another bot alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-restore-'));
  const path = join(folder, 'events.db');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is warned of at the start, with the bots whose events they are', async () => {
    const other = await AlertApplication.start({ path, name: 'p2' });
    await other.alerts.raise({ level: AlertLevel.Warning, title: 'a', message: '' });
    await other.stop();
    const own = await AlertApplication.start({ path, name: 'p1' });
    const warned = (): string | undefined => own.lines.find((line) => line.includes('None of the'));
    await eventually(() => expect(warned()).toBeDefined());
    await own.stop();
    expect(warned()).toMatch(/are of p1, which begins with nothing\. They are of p2\. /);
  });
});

describe('a retention that drops what a start is about to read', () => {
  it('makes the start begin anew with what is kept, with nothing counted twice', async () => {
    register.clear();
    const log = new MemoryEventLog();
    const placed = {
      strategy: 'grid',
      clientOrderId: 'c1',
      side: 'buy',
      orderType: 'limit',
      price: '1',
      quantity: '1',
    } as const;
    const orders = ['o1', 'o2', 'o3', 'o4'].map((orderId) =>
      createEvent('order.placed', { ...placed, orderId, symbol: 'BTCUSDT' }),
    );
    await log.append(orders);
    let [drops, first] = [0, 1];
    const status: EventLog['status'] = () => ({ ...log.status(), first });
    const read: EventLog['read'] = async function* (options) {
      for await (const records of log.read(options)) {
        yield records;
        if (drops++ < 2) {
          first += 1;
          throw new EventLogError('LOG_DROPPED', 'older positions have been dropped');
        }
      }
    };
    const application = await Test.createTestingModule({
      imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot({})],
    })
      .overrideProvider(EVENT_LOG)
      .useValue(Object.create(log, { read: { value: read }, status: { value: status } }))
      .compile();
    await application.init();
    await application.get(EventRecorder).ready();
    expect(await register.metrics()).toMatch(/^market_maker_orders_placed_total\{.*\} 2$/m);
    await application.close();
    expect(drops).toBe(4);
  });
});
