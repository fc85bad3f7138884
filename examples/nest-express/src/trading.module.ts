import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { TradingEvents } from '@opensqt/observability';
import type { OrderFilled } from '@opensqt/trading-events';

/** A feature of the application: it knows TradingEvents, and nothing of metrics or alerts. */
@Injectable()
class Desk implements OnApplicationBootstrap {
  constructor(private readonly events: TradingEvents) {}

  onApplicationBootstrap(): void {
    const order = { symbol: 'BTCUSDT', strategy: 'desk', orderId: '1', side: 'buy' } as const;
    const placed = this.events.placed({
      ...{ ...order, clientOrderId: 'desk-1', orderType: 'limit' },
      ...{ price: 60_000, quantity: '0.25' },
    });
    this.events.filled(
      { ...order, fillId: '1', price: 60_000, quantity: '0.25', remaining: 0, fee: 0.9, feeAsset: 'USDT' },
      { causationId: placed.id },
    );
  }
}

/** Listens as before: the events are the application's own. */
@Injectable()
class Ledger {
  @OnEvent('order.*')
  onOrder({ type, data }: { readonly type: string; readonly data: OrderFilled }): void {
    console.log(`ledger: ${type} ${data.symbol}`);
  }
}

@Module({ providers: [Desk, Ledger] })
export class TradingModule {}
