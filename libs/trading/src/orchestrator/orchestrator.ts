import type { EventPublisher } from '../event-publisher';
import type { Trade } from '../market/market-event';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';
import type {
  ConnectionChange,
  ExchangeListener,
  ExchangePort,
  Fill,
} from '../remote-exchange/exchange-port';
import { GLOBAL_SCOPE } from '../risk-monitor/circuit-breaker';
import type { ConnectionMonitor } from './connection-monitor';
import type { SymbolActor } from './symbol-actor';

const HEARTBEAT_MS = 10_000;

/** One actor per symbol over one shared connection: hands each what concerns it, and stops them together. */
export class Orchestrator implements ExchangeListener {
  private readonly actors = new Map<string, SymbolActor>();
  private stopHeartbeat: CancelTask | undefined;

  constructor(
    private readonly exchange: ExchangePort,
    private readonly connections: ConnectionMonitor,
    private readonly publisher: EventPublisher,
    private readonly scheduler: MarketScheduler,
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
    this.stopHeartbeat = this.scheduler.every(HEARTBEAT_MS, () => {
      for (const actor of this.actors.values()) actor.heartbeat();
    });
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
      actor.setConnected(this.connections.allUp);
      if (change.stream !== 'market') continue;
      if (change.status === 'lost') actor.onMarketDataLost(eventId);
      else actor.onMarketDataRestored();
    }
  }

  /** Withdraws the orders of a tripped breaker's scope. */
  onTripped(scope: string, eventId: string): void {
    for (const actor of this.actors.values()) {
      if (scope === GLOBAL_SCOPE || scope === actor.symbol) actor.withdraw('circuit_breaker', eventId);
    }
  }

  /** Cancels all open orders, waits for the venue's answers, and then stops every symbol. */
  async stop(): Promise<void> {
    this.stopHeartbeat?.();
    await Promise.all([...this.actors.values()].map((actor) => actor.stop()));
    for (const symbol of this.actors.keys()) {
      this.publisher.publish('symbol.stopped', { symbol, reason: 'process_exit' });
    }
  }
}
