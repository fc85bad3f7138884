import { type INestApplication, Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { AlertLevel, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { alertDetail } from '../../console/api/alerts';
import type { AlertChannel, AlertNotification } from '../../channels/channel';
import { EVENT_LOG } from '../../ingest/event-log';
import { ObservabilityModule } from '../../observability.module';
import { alertsOptions } from '../../options/alerts.options';
import { backtest } from '../diagnostics/backtest';
import { explainAlert, explainEvent } from '../diagnostics/explain';
import { AlertService } from '../runtime/alert.service';
import type { AlertRule } from './alert-rule';
import { rulesOf } from './registry';

const MINUTE = 60_000;

/** A condition of the application's own: the venue refuses orders. Its threshold is the application's, too. */
const rejectedFor = (persistentAfter: number): AlertRule => ({
  condition: 'order_rejected',
  handles: ['order.rejected', 'order.placed'],
  decide(event) {
    if (event.type === 'order.placed') {
      const { symbol } = event.data;
      return { verdict: 'resolve', labels: { symbol }, title: 'Order placed', message: '', fields: {} };
    }
    if (event.type !== 'order.rejected') return undefined;
    const { symbol, reason } = event.data;
    return {
      verdict: 'raise',
      labels: { symbol },
      level: AlertLevel.Warning,
      escalatesAt: event.occurredAt + persistentAfter,
      title: `Order rejected: ${symbol}`,
      message: reason,
      fields: {},
    };
  },
  persists: ({ labels }) => ({ title: `Orders are rejected: ${labels['symbol']}`, message: '', fields: {} }),
});
const orderRejected = rejectedFor(MINUTE);

const subject = { symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', side: 'buy' } as const;
const START = Date.UTC(2026, 0, 1);
let now = START;
const rejected = () =>
  createEvent('order.rejected', { ...subject, reason: 'no margin' }, { occurredAt: now });
const placed = () =>
  createEvent(
    'order.placed',
    { ...subject, clientOrderId: 'c', orderType: 'post_only', price: '1', quantity: '1', tickToTradeMs: 1 },
    { occurredAt: now },
  );

describe('a condition of one’s own', () => {
  const sent: string[] = [];
  let testing: INestApplication;

  beforeAll(async () => {
    @Injectable()
    class Desk implements AlertChannel {
      readonly name = 'desk';
      send({ kind, level, title }: AlertNotification): Promise<void> {
        sent.push(`${kind} ${level} ${title}`);
        return Promise.resolve();
      }
    }
    const observability = ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      rules: [orderRejected],
      channels: [Desk],
      clock: { now: () => now },
    });
    const module = await Test.createTestingModule({ imports: [observability] }).compile();
    testing = module.createNestApplication({ logger: false });
    await testing.init();
  });
  afterAll(() => testing.close());

  const emit = (event: TradingEvent) => testing.get(EventEmitter2).emit(event.type, event);
  const read = () => testing.get<EventLog>(EVENT_LOG).read();
  const rules = rulesOf(alertsOptions.parse({}), [orderRejected]);

  it('raises, escalates and resolves as the built-in ones do', async () => {
    emit(rejected());
    await eventually(() => expect(sent).toEqual(['raised WARNING Order rejected: BTCUSDT']));
    now += MINUTE;
    await eventually(() => expect(sent[1]).toBe('escalated ERROR Orders are rejected: BTCUSDT'));
    emit(placed());
    await eventually(() => expect(sent[2]).toBe('resolved ERROR Order placed'));
    expect(testing.get(AlertService).history()).toMatchObject([
      { condition: 'order_rejected', status: 'resolved' },
    ]);
  });

  it('is explained, with the event behind it', async () => {
    const [alert] = testing.get(AlertService).history();
    const steps = await explainAlert(read(), alert?.id ?? '', rules);
    expect(steps.slice(0, 2)).toMatchObject([{ type: 'order.rejected' }, { type: 'alert.raised' }]);

    const event = rejected();
    emit(event);
    await testing.get<EventLog>(EVENT_LOG).flush();
    expect((await explainEvent(read(), event.id, { bot: 'opensqt', rules }))?.verdicts).toEqual([
      'orders_rejected: not met.',
      'symbol_removed: not met.',
      'order_rejected: met, at WARNING, about order_rejected{bot="opensqt",symbol="BTCUSDT"}.',
    ]);
  });

  it('is explained by the API as the built-in ones are, with its event as the cause', async () => {
    const [alert] = testing.get(AlertService).history();
    const { body } = await request(testing.getHttpServer())
      .get(`/api/v1/alerts/${alert?.id ?? ''}`)
      .expect(200);
    const { cause, steps } = alertDetail.parse(body);
    expect(cause?.type).toBe('order.rejected');
    expect(steps.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['alert.raised', 'alert.escalated', 'delivery.succeeded', 'alert.resolved']),
    );
  });

  it('is decided again under another threshold', async () => {
    const settings = alertsOptions.parse({});
    const policy = { bot: 'opensqt', settings, channels: [{ name: 'log' }, { name: 'desk' }] };
    const later = rulesOf(settings, [rejectedFor(10 * MINUTE)]);
    const differences = await backtest(read(), { ...policy, rules: later });
    expect(differences).toContainEqual(
      expect.objectContaining({
        change: 'gone',
        words: 'desk: escalated, ERROR Orders are rejected: BTCUSDT',
      }),
    );
  });

  it('is decided again by a backtest that knows it, and left alone by one that does not', async () => {
    await eventually(() => expect(testing.get(AlertService).active()).toHaveLength(1));
    const settings = alertsOptions.parse({});
    const policy = { bot: 'opensqt', settings, channels: [{ name: 'log' }, { name: 'desk' }] };
    expect(await backtest(read(), { ...policy, rules })).toEqual([]);
    await expect(backtest(read(), { ...policy, rules: rulesOf(settings) })).resolves.toEqual([]);
  });
});
