import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventOf } from '@opensqt/trading-events';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const registers = [new Registry()];
const help = '-';
const own = ['symbol', 'strategy'];
const price = new Gauge({ name: 'price', help, labelNames: ['symbol'], registers });
const latency = new Histogram({ name: 'latency', help, labelNames: ['exchange', 'operation'], registers });
const unrealized = new Gauge({ name: 'unrealized', help, labelNames: own, registers });
const placed = new Counter({ name: 'placed', help, labelNames: ['symbol', 'side', 'type'], registers });
const active = new Gauge({ name: 'active', help, labelNames: ['symbol', 'side'], registers });
const tickToTrade = new Histogram({ name: 'tick_to_trade', help, labelNames: ['symbol'], registers });
const filled = new Counter({ name: 'filled', help, labelNames: ['symbol', 'side'], registers });
const volume = new Counter({ name: 'volume', help, labelNames: ['symbol'], registers });
const profit = new Counter({ name: 'profit', help, labelNames: own, registers });
const size = new Gauge({ name: 'size', help, labelNames: ['symbol'], registers });

/** An observer as one would write it by hand: a Nest provider whose listeners call prom-client, for the metrics that ours change. */
@Injectable()
class PromClientListener {
  @OnEvent('price.updated')
  onPrice({ data }: EventOf<'price.updated'>): void {
    price.set({ symbol: data.symbol }, Number(data.price));
  }

  @OnEvent('exchange.call_completed')
  onCall({ data: { exchange, operation, durationMs } }: EventOf<'exchange.call_completed'>): void {
    latency.observe({ exchange, operation }, durationMs);
  }

  @OnEvent('position.marked')
  onMark({ data: { symbol, strategy, unrealizedPnl } }: EventOf<'position.marked'>): void {
    unrealized.set({ symbol, strategy }, Number(unrealizedPnl));
  }

  @OnEvent('order.placed')
  onPlaced({ data: { symbol, side, orderType: type, tickToTradeMs = 0 } }: EventOf<'order.placed'>): void {
    placed.inc({ symbol, side, type });
    active.inc({ symbol, side });
    tickToTrade.observe({ symbol }, tickToTradeMs);
  }

  @OnEvent('order.canceled')
  onCanceled({ data: { symbol, side } }: EventOf<'order.canceled'>): void {
    active.dec({ symbol, side });
  }

  @OnEvent('order.filled')
  onFilled({ data: { symbol, side, quantity } }: EventOf<'order.filled'>): void {
    filled.inc({ symbol, side });
    volume.inc({ symbol }, Number(quantity));
    active.dec({ symbol, side });
  }

  @OnEvent('position.changed')
  onChanged({ data }: EventOf<'position.changed'>): void {
    const { symbol, strategy } = data;
    profit.inc({ symbol, strategy }, Math.abs(Number(data.realizedPnl)));
    unrealized.set({ symbol, strategy }, Number(data.unrealizedPnl));
    size.set({ symbol }, Number(data.size));
  }
}

/** An application that is observed by prom-client's calls alone. */
export async function promClientApplication(): Promise<INestApplicationContext> {
  const imports = [EventEmitterModule.forRoot()];
  const application = await Test.createTestingModule({ imports, providers: [PromClientListener] }).compile();
  return application.init();
}
