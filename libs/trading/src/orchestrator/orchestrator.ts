import type { DurationMs } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { Trade } from '../market/market-event';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';
import type { ConnectionChange, ExchangeListener, Fill } from '../remote-exchange/exchange-port';
import type { RemoteExchange } from '../remote-exchange/remote-exchange';
import { covers } from '../risk-monitor/circuit-breaker';
import type { ConnectionMonitor } from './connection-monitor';
import type { SymbolActor } from './symbol-actor';

const HEARTBEAT_MS = 10_000;

/** One actor per symbol over one shared connection: hands each what concerns it, and stops them together. */
export class Orchestrator implements ExchangeListener {
  private readonly actors = new Map<string, SymbolActor>();
  private tasks: readonly CancelTask[] = [];

  constructor(
    private readonly exchange: RemoteExchange,
    private readonly connections: ConnectionMonitor,
    private readonly publisher: EventPublisher,
    private readonly scheduler: MarketScheduler,
    private readonly sampleInterval: DurationMs,
    private readonly onSample: () => void,
  ) {}

  get panicCount(): number {
    return [...this.actors.values()].reduce((sum, actor) => sum + actor.panics, 0);
  }

  start(actors: readonly (readonly [SymbolActor, strategy: string])[]): void {
    this.exchange.subscribe(this);
    for (const [actor, strategy] of actors) {
      this.actors.set(actor.symbol, actor);
      const started = { symbol: actor.symbol, exchange: this.exchange.name, strategy };
      this.publisher.publish('symbol.started', started);
      actor.start();
    }
    this.tasks = [
      this.scheduler.every(HEARTBEAT_MS, () => {
        for (const actor of this.actors.values()) actor.heartbeat();
      }),
      this.scheduler.every(this.sampleInterval, () => {
        for (const actor of this.actors.values()) actor.sample();
        this.exchange.sample();
        this.onSample();
      }),
    ];
  }

  onTrade(trade: Trade): void {
    this.actors.get(trade.symbol)?.onTrade(trade);
  }

  onFill(fill: Fill): void {
    this.actors.get(fill.symbol)?.onFill(fill);
  }

  onConnection(change: ConnectionChange): void {
    const eventId = this.connections.onChange(change);
    for (const actor of this.actors.values()) {
      actor.setConnected(this.connections.allUp, eventId);
      if (change.stream !== 'market') continue;
      if (change.status === 'lost') actor.onMarketDataLost(eventId);
      else actor.onMarketDataRestored();
    }
  }

  /** Number of the orders that {@link onTripped} would withdraw. */
  cancellable(scope: string): number {
    return this.actorsIn(scope).reduce((sum, actor) => sum + actor.cancellable, 0);
  }

  /** Withdraws the orders of a tripped breaker's scope. */
  onTripped(scope: string, eventId: string): void {
    for (const actor of this.actorsIn(scope)) actor.withdraw('circuit_breaker', eventId);
  }

  /** Withdraws the orders of a symbol whose prices do not come any more. */
  onStale(symbol: string): void {
    this.actors.get(symbol)?.withdraw('market_data_lost');
  }

  /** Nothing more will come: the orders stay as they are. */
  onFinished(): void {
    for (const actor of this.actors.values()) actor.onFinished();
  }

  /** Cancels all open orders, waits for the venue's answers, and then stops every symbol. */
  async stop(): Promise<void> {
    for (const cancel of this.tasks) cancel();
    await Promise.all([...this.actors.values()].map((actor) => actor.stop()));
    this.exchange.sample();
    for (const symbol of this.actors.keys()) {
      this.publisher.publish('symbol.stopped', { symbol, reason: 'process_exit' });
    }
  }

  private actorsIn(scope: string): readonly SymbolActor[] {
    return [...this.actors.values()].filter(({ symbol }) => covers(scope, symbol));
  }
}
