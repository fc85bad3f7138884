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
type Data<Name extends Type> = Stated<DataOf<Name>>;

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
  symbolStarted(data: Data<'symbol.started'>, envelope?: EnvelopeOptions): EventOf<'symbol.started'> {
    return this.state('symbol.started', data, envelope);
  }

  /** `symbol.stopped` */
  symbolStopped(data: Data<'symbol.stopped'>, envelope?: EnvelopeOptions): EventOf<'symbol.stopped'> {
    return this.state('symbol.stopped', data, envelope);
  }

  /** `strategy.panicked`; `error` may be what was thrown. */
  strategyPanicked(
    data: Data<'strategy.panicked'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'strategy.panicked'> {
    return this.state('strategy.panicked', data, envelope);
  }

  /** `strategy.restarted` */
  strategyRestarted(
    data: Data<'strategy.restarted'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'strategy.restarted'> {
    return this.state('strategy.restarted', data, envelope);
  }

  /** `exchange.disconnected` */
  exchangeDisconnected(
    data: Data<'exchange.disconnected'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'exchange.disconnected'> {
    return this.state('exchange.disconnected', data, envelope);
  }

  /** `exchange.reconnected` */
  exchangeReconnected(
    data: Data<'exchange.reconnected'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'exchange.reconnected'> {
    return this.state('exchange.reconnected', data, envelope);
  }

  /** `exchange.call_completed` */
  exchangeCallCompleted(
    data: Data<'exchange.call_completed'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'exchange.call_completed'> {
    return this.state('exchange.call_completed', data, envelope);
  }

  /** `price.updated` */
  priceUpdated(data: Data<'price.updated'>, envelope?: EnvelopeOptions): EventOf<'price.updated'> {
    return this.state('price.updated', data, envelope);
  }

  /** `market.sampled` */
  marketSampled(data: Data<'market.sampled'>, envelope?: EnvelopeOptions): EventOf<'market.sampled'> {
    return this.state('market.sampled', data, envelope);
  }

  /** `quoting.paused` */
  quotingPaused(data: Data<'quoting.paused'>, envelope?: EnvelopeOptions): EventOf<'quoting.paused'> {
    return this.state('quoting.paused', data, envelope);
  }

  /** `quoting.resumed` */
  quotingResumed(data: Data<'quoting.resumed'>, envelope?: EnvelopeOptions): EventOf<'quoting.resumed'> {
    return this.state('quoting.resumed', data, envelope);
  }

  /** `exchange.sampled`: for who has no `exchange.call_completed` of each call. */
  exchangeSampled(data: Data<'exchange.sampled'>, envelope?: EnvelopeOptions): EventOf<'exchange.sampled'> {
    return this.state('exchange.sampled', data, envelope);
  }

  /** `order.placed` */
  placed(data: Data<'order.placed'>, envelope?: EnvelopeOptions): EventOf<'order.placed'> {
    return this.state('order.placed', data, envelope);
  }

  /** `order.filled`: once for each `fillId` of an order, however often it is stated. */
  filled(data: Data<'order.filled'>, envelope?: EnvelopeOptions): EventOf<'order.filled'> {
    return this.state('order.filled', data, envelope);
  }

  /** `order.canceled` */
  canceled(data: Data<'order.canceled'>, envelope?: EnvelopeOptions): EventOf<'order.canceled'> {
    return this.state('order.canceled', data, envelope);
  }

  /** `order.rejected` */
  rejected(data: Data<'order.rejected'>, envelope?: EnvelopeOptions): EventOf<'order.rejected'> {
    return this.state('order.rejected', data, envelope);
  }

  /** `position.changed` */
  positionChanged(data: Data<'position.changed'>, envelope?: EnvelopeOptions): EventOf<'position.changed'> {
    return this.state('position.changed', data, envelope);
  }

  /** `position.marked` */
  positionMarked(data: Data<'position.marked'>, envelope?: EnvelopeOptions): EventOf<'position.marked'> {
    return this.state('position.marked', data, envelope);
  }

  /** `risk.limit_breached` */
  limitBreached(
    data: Data<'risk.limit_breached'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'risk.limit_breached'> {
    return this.state('risk.limit_breached', data, envelope);
  }

  /** `risk.limit_cleared` */
  limitCleared(data: Data<'risk.limit_cleared'>, envelope?: EnvelopeOptions): EventOf<'risk.limit_cleared'> {
    return this.state('risk.limit_cleared', data, envelope);
  }

  /** `risk.sampled` */
  riskSampled(data: Data<'risk.sampled'>, envelope?: EnvelopeOptions): EventOf<'risk.sampled'> {
    return this.state('risk.sampled', data, envelope);
  }

  /** `circuit_breaker.tripped` */
  breakerTripped(
    data: Data<'circuit_breaker.tripped'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'circuit_breaker.tripped'> {
    return this.state('circuit_breaker.tripped', data, envelope);
  }

  /** `circuit_breaker.reset` */
  breakerReset(
    data: Data<'circuit_breaker.reset'>,
    envelope?: EnvelopeOptions,
  ): EventOf<'circuit_breaker.reset'> {
    return this.state('circuit_breaker.reset', data, envelope);
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

  private state<Name extends Type>(type: Name, data: Data<Name>, envelope?: EnvelopeOptions): EventOf<Name> {
    const event = createEvent(type, exactAmounts(type, data), {
      occurredAt: this.options.clock.now(),
      ...envelope,
    });
    this.emitters.emitter.emit(type, event);
    return event;
  }
}
