import { Inject, Injectable } from '@nestjs/common';
import {
  type DataOf,
  type EnvelopeOptions,
  type EventOf,
  type Stated,
  type TradingEvent,
  createEvent,
  exactAmounts,
} from '@opensqt/trading-events';
import type { ResolvedOptions } from '../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { ApplicationEmitters } from './application-emitters';

type Type = TradingEvent['type'];
type Stating<Name extends Type> = [data: Stated<DataOf<Name>>, envelope?: EnvelopeOptions];

/**
 * States facts of trading: makes the event and emits it under its type on the application's emitter. Amounts may be decimal strings, numbers,
 * bigints or objects of a decimal library; they become decimal strings. Data that breaks the rules of docs/events.md throws nothing: the event
 * is refused at the boundary, counted in `market_maker_events_rejected_total`, and named in the process's log.
 *
 * Each method returns the event, whose `id` is the `causationId` of what follows from it.
 *
 * @example
 * const placed = events.placed({ symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', clientOrderId: 'c1', side: 'buy',
 *   orderType: 'limit', price: 60_000, quantity: new Decimal('0.1') });
 * events.canceled({ symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', side: 'buy', reason: 'requote' }, { causationId: placed.id });
 */
@Injectable()
export class TradingEvents {
  constructor(
    private readonly emitters: ApplicationEmitters,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** `symbol.started` */
  symbolStarted(...stated: Stating<'symbol.started'>): EventOf<'symbol.started'> {
    return this.state('symbol.started', ...stated);
  }

  /** `symbol.stopped` */
  symbolStopped(...stated: Stating<'symbol.stopped'>): EventOf<'symbol.stopped'> {
    return this.state('symbol.stopped', ...stated);
  }

  /** `strategy.panicked`; `error` may be what was thrown. */
  strategyPanicked(...stated: Stating<'strategy.panicked'>): EventOf<'strategy.panicked'> {
    return this.state('strategy.panicked', ...stated);
  }

  /** `strategy.restarted` */
  strategyRestarted(...stated: Stating<'strategy.restarted'>): EventOf<'strategy.restarted'> {
    return this.state('strategy.restarted', ...stated);
  }

  /** `exchange.disconnected` */
  exchangeDisconnected(...stated: Stating<'exchange.disconnected'>): EventOf<'exchange.disconnected'> {
    return this.state('exchange.disconnected', ...stated);
  }

  /** `exchange.reconnected` */
  exchangeReconnected(...stated: Stating<'exchange.reconnected'>): EventOf<'exchange.reconnected'> {
    return this.state('exchange.reconnected', ...stated);
  }

  /** `exchange.call_completed` */
  exchangeCallCompleted(...stated: Stating<'exchange.call_completed'>): EventOf<'exchange.call_completed'> {
    return this.state('exchange.call_completed', ...stated);
  }

  /** `price.updated` */
  priceUpdated(...stated: Stating<'price.updated'>): EventOf<'price.updated'> {
    return this.state('price.updated', ...stated);
  }

  /** `market.sampled` */
  marketSampled(...stated: Stating<'market.sampled'>): EventOf<'market.sampled'> {
    return this.state('market.sampled', ...stated);
  }

  /** `quoting.paused` */
  quotingPaused(...stated: Stating<'quoting.paused'>): EventOf<'quoting.paused'> {
    return this.state('quoting.paused', ...stated);
  }

  /** `quoting.resumed` */
  quotingResumed(...stated: Stating<'quoting.resumed'>): EventOf<'quoting.resumed'> {
    return this.state('quoting.resumed', ...stated);
  }

  /** `exchange.sampled`: for who has no `exchange.call_completed` of each call. */
  exchangeSampled(...stated: Stating<'exchange.sampled'>): EventOf<'exchange.sampled'> {
    return this.state('exchange.sampled', ...stated);
  }

  /** `order.placed` */
  placed(...stated: Stating<'order.placed'>): EventOf<'order.placed'> {
    return this.state('order.placed', ...stated);
  }

  /** `order.filled`: once for each `fillId` of an order, however often it is stated. */
  filled(...stated: Stating<'order.filled'>): EventOf<'order.filled'> {
    return this.state('order.filled', ...stated);
  }

  /** `order.canceled` */
  canceled(...stated: Stating<'order.canceled'>): EventOf<'order.canceled'> {
    return this.state('order.canceled', ...stated);
  }

  /** `order.rejected` */
  rejected(...stated: Stating<'order.rejected'>): EventOf<'order.rejected'> {
    return this.state('order.rejected', ...stated);
  }

  /** `position.changed` */
  positionChanged(...stated: Stating<'position.changed'>): EventOf<'position.changed'> {
    return this.state('position.changed', ...stated);
  }

  /** `position.marked` */
  positionMarked(...stated: Stating<'position.marked'>): EventOf<'position.marked'> {
    return this.state('position.marked', ...stated);
  }

  /** `risk.limit_breached` */
  limitBreached(...stated: Stating<'risk.limit_breached'>): EventOf<'risk.limit_breached'> {
    return this.state('risk.limit_breached', ...stated);
  }

  /** `risk.limit_cleared` */
  limitCleared(...stated: Stating<'risk.limit_cleared'>): EventOf<'risk.limit_cleared'> {
    return this.state('risk.limit_cleared', ...stated);
  }

  /** `risk.sampled` */
  riskSampled(...stated: Stating<'risk.sampled'>): EventOf<'risk.sampled'> {
    return this.state('risk.sampled', ...stated);
  }

  /** `circuit_breaker.tripped` */
  breakerTripped(...stated: Stating<'circuit_breaker.tripped'>): EventOf<'circuit_breaker.tripped'> {
    return this.state('circuit_breaker.tripped', ...stated);
  }

  /** `circuit_breaker.reset` */
  breakerReset(...stated: Stating<'circuit_breaker.reset'>): EventOf<'circuit_breaker.reset'> {
    return this.state('circuit_breaker.reset', ...stated);
  }

  /**
   * Emits events that were made elsewhere, such as those of `fromCcxt`.
   *
   * @example
   * events.emit(...fromCcxt(order, { strategy: 'grid' }));
   */
  emit(...events: readonly TradingEvent[]): void {
    for (const event of events) this.emitters.emitter.emit(event.type, event);
  }

  private state<Name extends Type>(type: Name, ...[data, envelope]: Stating<Name>): EventOf<Name> {
    const event = createEvent(type, exactAmounts(type, data), {
      occurredAt: this.options.clock.now(),
      ...envelope,
    });
    this.emitters.emitter.emit(type, event);
    return event;
  }
}
