import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test, type TestingModule } from '@nestjs/testing';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import { AlertLevel, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
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
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1, 3);

/** A condition of the application's own: so many orders of a symbol were rejected one after the other. */
const rejectedInARow = (limit: number): AlertRule<Readonly<Record<string, number>>> => ({
  condition: 'rejected_in_a_row',
  handles: ['order.placed', 'order.rejected'],
  memory: {
    version: 1,
    initial: () => ({}),
    evolve: (counts, { type, data }) =>
      'symbol' in data
        ? { ...counts, [data.symbol]: type === 'order.placed' ? 0 : (counts[data.symbol] ?? 0) + 1 }
        : counts,
    decide: (counts, now) =>
      Object.entries(counts).map(([symbol, count]) => {
        const text = { labels: { symbol }, title: `${count} rejected: ${symbol}`, message: '', fields: {} };
        return count >= limit
          ? { ...text, verdict: 'raise', level: AlertLevel.Warning, escalatesAt: now + MINUTE }
          : { ...text, verdict: 'resolve' };
      }),
  },
});

const options = { noFills: { after: '2h' }, dailyLoss: { limit: '500' } } as const;
const settings = alertsOptions.parse(options);
const subject = { symbol: 'BTCUSDT', strategy: 'grid', side: 'buy' } as const;

describe('rules with a memory in a running application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-memory-'));
  const path = join(folder, 'events.db');
  const sent: string[] = [];
  let now = START;
  let testing: TestingModule | undefined;

  @Injectable()
  class Desk implements AlertChannel {
    readonly name = 'desk';
    send({ kind, level, title }: AlertNotification): Promise<void> {
      sent.push(`${kind} ${level} ${title}`);
      return Promise.resolve();
    }
  }

  async function start(): Promise<void> {
    register.clear();
    const observability = ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      eventLog: { kind: 'sqlite', path },
      alerts: options,
      rules: [rejectedInARow(2)],
      channels: [Desk],
      clock: { now: () => now },
    });
    testing = await Test.createTestingModule({ imports: [observability] }).compile();
    testing.useLogger(false);
    await testing.init();
  }
  async function restart(): Promise<void> {
    await testing?.close();
    await start();
  }
  /** Everything that has come by now is decided and sent. */
  async function settled(title: string): Promise<void> {
    await testing?.get(AlertService).raise({ level: 'INFO', title, message: '' });
    await eventually(() => expect(sent).toContain(`raised INFO ${title}`));
    await eventually(() => expect(testing?.get<EventLog>(EVENT_LOG).status().queueDepth).toBe(0));
    sent.splice(sent.indexOf(`raised INFO ${title}`), 1);
  }
  function running(): TestingModule {
    if (testing === undefined) throw new Error('nothing runs');
    return testing;
  }
  function emit(event: TradingEvent): void {
    testing?.get(EventEmitter2).emit(event.type, event);
  }
  const filled = (fillId: string): TradingEvent =>
    createEvent(
      'order.filled',
      {
        ...subject,
        orderId: '1',
        fillId,
        price: '1',
        quantity: '1',
        remaining: '0',
        fee: '0',
        feeAsset: 'USDT',
      },
      { occurredAt: now },
    );
  const lost = (realizedPnl: string): TradingEvent =>
    createEvent(
      'position.changed',
      { symbol: 'BTCUSDT', strategy: 'grid', size: '0', entryPrice: '1', realizedPnl, unrealizedPnl: '0' },
      { occurredAt: now },
    );
  const rejected = (): TradingEvent =>
    createEvent('order.rejected', { ...subject, orderId: '2', reason: 'no margin' }, { occurredAt: now });

  beforeAll(start);
  afterAll(async () => {
    await testing?.close();
    rmSync(folder, { recursive: true });
  });

  it('raise after a restart what follows from the events before it, once, and resolve it after another', async () => {
    emit(filled('a'));
    await settled('before');
    await restart();
    now += 2 * HOUR;
    await eventually(() => expect(sent).toEqual(['raised WARNING No fills: BTCUSDT']));

    await restart();
    await settled('after');
    expect(sent).toHaveLength(1);
    emit(filled('b'));
    await eventually(() => expect(sent[1]).toBe('resolved WARNING Fills again: BTCUSDT'));
  });

  it('add the loss of a day up over a restart, and end it at the midnight that passes while nothing runs', async () => {
    sent.length = 0;
    emit(lost('-300'));
    await settled('first loss');
    await restart();
    emit(lost('-212.30'));
    await eventually(() => expect(sent).toEqual(['raised ERROR Daily loss: −512.3 USDT (limit −500 USDT)']));
    await testing?.close();
    now = Date.UTC(2026, 0, 2);
    await start();
    await eventually(() => expect(sent).toContain('resolved ERROR Daily loss within its limit: USDT'));
  });

  it('may be an application’s own: kept over a restart, escalated, and explained', async () => {
    await eventually(() => expect(sent).toContain('raised WARNING No fills: BTCUSDT'));
    emit(filled('d'));
    emit(rejected());
    await settled('one rejected');
    await restart();
    sent.length = 0;
    const second = rejected();
    emit(second);
    await eventually(() => expect(sent).toEqual(['raised WARNING 2 rejected: BTCUSDT']));
    now += MINUTE;
    await eventually(() => expect(sent[1]).toBe('escalated ERROR 2 rejected: BTCUSDT'));

    const rules = rulesOf(settings, [rejectedInARow(2)]);
    const alert = running()
      .get(AlertService)
      .active()
      .find(({ condition }) => condition === 'rejected_in_a_row');
    const read = () => running().get<EventLog>(EVENT_LOG).read();
    const steps = await explainAlert(read(), alert?.id ?? '', rules);
    expect(steps.slice(0, 2)).toMatchObject([{ type: 'order.rejected' }, { type: 'alert.raised' }]);
    expect((await explainEvent(read(), second.id, { bot: 'opensqt', rules }))?.verdicts).toContain(
      'rejected_in_a_row: met, at WARNING, about rejected_in_a_row{bot="opensqt",symbol="BTCUSDT"}.',
    );
  });

  it('are decided again by a backtest, with the same outcome, and another under other thresholds', async () => {
    await settled('at last');
    await testing?.close();
    testing = undefined;
    const log = await openSqliteEventLog({ path, bot: 'opensqt', readOnly: true });
    const channels = [{ name: 'log' }, { name: 'desk' }];
    const policy = { bot: 'opensqt', settings, channels, rules: rulesOf(settings, [rejectedInARow(2)]) };
    const again = await backtest(log.read(), policy);
    expect(again.filter(({ of }) => of === 'alert')).toEqual([]);

    const patient = alertsOptions.parse({ noFills: { after: '30d' }, dailyLoss: { limit: '600' } });
    const rules = rulesOf(patient, [rejectedInARow(3)]);
    const differences = await backtest(log.read(), { ...policy, settings: patient, rules });
    expect(
      differences.filter(({ of }) => of === 'alert').map(({ change, words }) => `${change} ${words}`),
    ).toEqual([
      'gone WARNING No fills: BTCUSDT',
      'gone ERROR Daily loss: −512.3 USDT (limit −500 USDT)',
      'gone WARNING No fills: BTCUSDT',
      'gone ERROR 2 rejected: BTCUSDT',
    ]);
    await log.close();
  });
});
