import {
  type Clock,
  type DecimalString,
  type EpochMs,
  type MarketMakerEvent,
  TokenBucket,
  seededIds,
  seededRandom,
} from '@opensqt/trading-events';
import { DurableGate } from './market/durable-gate';
import { EventPublisher, type TradingLogger } from './event-publisher';
import type { MarketEvent, MarketFeed } from './market/market-event';
import { MarketLoop } from './market/market-loop';
import { MarketScheduler } from './market/market-scheduler';
import { Pacer } from './market/pacer';
import type { MalformedLine } from './market/recording/recording-file';
import { recordingSource } from './market/recording/recording-source';
import { simulatedSource } from './market/simulated/simulated-source';
import { skipUntil } from './market/skip-until';
import { plain } from './market/money';
import {
  type MarketMakerOptions,
  type ResolvedOptions,
  type ResolvedSymbol,
  resolveOptions,
} from './options';
import { ConnectionMonitor } from './orchestrator/connection-monitor';
import { Orchestrator } from './orchestrator/orchestrator';
import { SymbolActor } from './orchestrator/symbol-actor';
import { OrderExecutor } from './order-executor/order-executor';
import { PositionManager } from './position-manager/position-manager';
import { PaperExchange } from './venues/paper/paper-exchange';
import { RemoteExchange } from './remote-exchange/remote-exchange';
import { RiskMonitor } from './risk-monitor/risk-monitor';
import { gridStrategy } from './strategy/grid/grid';

/** What the market maker needs from around it. */
export interface MarketMakerPorts {
  /** Takes every fact; what it throws is contained and reported once per kind. */
  readonly publish: (event: MarketMakerEvent) => void;
  readonly logger: TradingLogger;
  /**
   * Resolves when everything published so far is on disk. Asked when a circuit breaker trips, before its orders are cancelled;
   * waited for at most 50 ms, while market time stands still. Absent: nothing is waited for.
   */
  readonly flushed?: () => Promise<void>;
  /** A line of a recording was skipped. */
  readonly onMalformed?: (line: MalformedLine) => void;
  /** The feed has ended and everything it led to is done. */
  readonly onFinished?: (summary: RunSummary) => void;
  /** A feed of one's own, instead of the configured source. */
  readonly feed?: MarketFeed;
  /** Monotonic milliseconds that `tickToTradeMs` is measured by. @default performance.now */
  readonly stopwatch?: () => number;
}

/** What happened in a run so far. */
export interface RunSummary {
  readonly trades: number;
  /** Lines of a recording that were skipped. */
  readonly malformed: number;
  readonly ordersPlaced: number;
  readonly fills: number;
  readonly canceled: number;
  readonly rejected: number;
  readonly panics: number;
  readonly trips: number;
  /** Quote currency, before fees. */
  readonly realizedPnl: DecimalString;
  readonly marketTime: EpochMs;
  /** The feed has ended. */
  readonly finished: boolean;
}

/** A market maker, ready to run once. */
export interface MarketMaker {
  /** The market's time. */
  readonly clock: Clock;
  /**
   * Trades until {@link stop}, or until the feed has ended when `whenFinished` is `exit`.
   *
   * @throws TradingError (rejects) when a recording can't be read
   */
  run(): Promise<RunSummary>;
  /** Cancels all open orders, waits for the venue's answers and ends the run; resolves when it has ended. */
  stop(): Promise<void>;
  /** Lets trading in a scope (a symbol or `global`) go on before its cooldown is over; false when it was not halted. */
  resetBreaker(scope: string): boolean;
  summary(): RunSummary;
}

/**
 * Builds a market maker over the paper exchange.
 *
 * @throws TradingError `OPTIONS_INVALID`
 * @example
 * const marketMaker = createMarketMaker(
 *   { exchange: { source: 'simulated', seed: 1, speed: 60 } },
 *   { publish: (event) => emitter.emit(event.type, event), logger: console },
 * );
 * const running = marketMaker.run();
 * process.once('SIGTERM', () => void marketMaker.stop());
 * console.log(await running);
 */
export function createMarketMaker(options: MarketMakerOptions, ports: MarketMakerPorts): MarketMaker {
  return new PaperMarketMaker(resolveOptions(options), ports);
}

type Counted = 'order.placed' | 'order.filled' | 'order.canceled' | 'order.rejected';

class PaperMarketMaker implements MarketMaker {
  readonly clock: MarketScheduler = new MarketScheduler();
  private readonly counts: Record<Counted, number> = {
    'order.placed': 0,
    'order.filled': 0,
    'order.canceled': 0,
    'order.rejected': 0,
  };
  private readonly seed: string;
  /** Goes into ids, so that a run that resumes never repeats one. */
  private readonly runName: string;
  private readonly stopwatch: () => number;
  private readonly publisher: EventPublisher;
  private readonly paper: PaperExchange;
  private readonly exchange: RemoteExchange;
  private readonly positions: PositionManager;
  private readonly risk: RiskMonitor;
  private readonly connections: ConnectionMonitor;
  private readonly orchestrator: Orchestrator;
  private readonly gate: DurableGate;
  private readonly loop: MarketLoop;
  private trades = 0;
  private malformed = 0;
  private finished = false;
  private running: Promise<RunSummary> | undefined;

  constructor(
    private readonly options: ResolvedOptions,
    private readonly ports: MarketMakerPorts,
  ) {
    const { name, exchange, resume } = options;
    this.seed = `${exchange.seed}:${resume?.since ?? 'start'}`;
    const run = resume === undefined ? 'r0' : `r${resume.since.toString(36)}`;
    this.runName = name === undefined ? run : `${name}-${run}`;
    const ids = seededIds(name === undefined ? this.seed : `${this.seed}:${name}`);
    this.stopwatch = ports.stopwatch ?? (() => performance.now());
    const deliver = (event: MarketMakerEvent): void => {
      if (event.type in this.counts) this.counts[event.type as Counted]++;
      ports.publish(event);
    };
    this.publisher = new EventPublisher(deliver, this.clock, ids, ports.logger);
    this.paper = new PaperExchange({ ...exchange, run: this.runName }, this.clock, this.random('latency'));
    this.exchange = new RemoteExchange(this.paper, this.publisher, {
      timeoutMs: exchange.callTimeout,
      stopwatch: () => this.clock.now(),
      timer: this.clock,
      onCallCompleted: (durationMs) => this.risk.onCallCompleted(durationMs),
    });
    this.positions = new PositionManager(this.publisher);
    this.connections = new ConnectionMonitor(this.exchange.name, this.publisher, this.clock);
    this.orchestrator = new Orchestrator(this.exchange, this.connections, this.publisher, this.clock);
    this.risk = new RiskMonitor(
      options.risk,
      this.positions,
      this.clock,
      this.publisher,
      ({ scope }, eventId) => this.gate.hold(() => this.orchestrator.onTripped(scope, eventId)),
    );
    this.gate = new DurableGate(ports.flushed, ports.logger);
    const pacer = new Pacer(exchange.speed, () => performance.now());
    const handlers = {
      onStart: () => this.start(),
      onEvent: (event: MarketEvent) => this.onEvent(event),
      onFinished: () => this.finish(),
      shutDown: () => this.orchestrator.stop(),
    };
    this.loop = new MarketLoop(this.clock, pacer, this.gate, handlers, {
      startAt: resume?.since ?? exchange.startAt,
      exitWhenFinished: options.whenFinished === 'exit',
    });
  }

  run(): Promise<RunSummary> {
    this.running ??= this.loop.run(this.feed()).then(() => this.summary());
    return this.running;
  }

  async stop(): Promise<void> {
    this.loop.stop();
    await this.running?.catch(() => undefined);
  }

  resetBreaker(scope: string): boolean {
    return this.risk.resetBreaker(scope);
  }

  summary(): RunSummary {
    return {
      trades: this.trades,
      malformed: this.malformed,
      ordersPlaced: this.counts['order.placed'],
      fills: this.counts['order.filled'],
      canceled: this.counts['order.canceled'],
      rejected: this.counts['order.rejected'],
      panics: this.orchestrator.panicCount,
      trips: this.risk.tripCount,
      realizedPnl: plain(this.positions.realizedPnl()),
      marketTime: this.clock.now(),
      finished: this.finished,
    };
  }

  private feed(): MarketFeed {
    const { exchange, recording, symbols, resume } = this.options;
    const { feed } = this.ports;
    if (feed === undefined && exchange.source === 'simulated') {
      return simulatedSource({
        symbols,
        seed: this.seed,
        startAt: resume === undefined ? exchange.startAt : resume.since + 1000,
        lastPrices: resume?.lastPrices ?? {},
      });
    }
    const recorded = feed ?? recordingSource(recording, (line) => this.onMalformed(line));
    return resume === undefined ? recorded : skipUntil(recorded, resume.since);
  }

  private start(): void {
    const { resume, symbols } = this.options;
    const { ordersPerSecond } = this.options.exchange;
    const limit = { burst: 2 * ordersPerSecond, refill: ordersPerSecond, intervalMs: 1_000 };
    const rateLimit = new TokenBucket(this.clock, limit);
    const actors = symbols.map((options) => {
      const { symbol } = options;
      const held = resume?.positions.find((position) => position.symbol === symbol);
      this.positions.open(symbol, options.strategy.name, held);
      return [this.actor(options, rateLimit), options.strategy.name] as const;
    });
    this.orchestrator.start(actors);
    this.risk.start(
      symbols.map(({ symbol }) => symbol),
      resume,
    );
    this.takeOver();
  }

  /** States what has become of the things that an earlier run left open. */
  private takeOver(): void {
    const { resume, symbols } = this.options;
    const traded = new Set(symbols.map(({ symbol }) => symbol));
    for (const { symbol, orderId } of resume?.openOrders ?? []) {
      if (traded.has(symbol)) continue;
      const what = `The order ${orderId} was left open, and ${symbol} is not configured any more`;
      this.ports.logger.warn(`${what}. Cancel it at the venue, or configure ${symbol} again.`);
    }
    for (const { symbol, strategy } of resume?.panickedStrategies ?? []) {
      this.publisher.publish('strategy.restarted', { symbol, strategy, attempt: 1 });
    }
    for (const { exchange, stream, since } of resume?.lostStreams ?? []) {
      if (exchange === this.exchange.name) this.connections.resume(stream, since);
    }
  }

  private actor(options: ResolvedSymbol, rateLimit: TokenBucket): SymbolActor {
    const { symbol, strategy, tickSize, lotSize } = options;
    const { publisher, clock: scheduler, positions, risk, stopwatch, exchange } = this;
    const executor = new OrderExecutor(
      {
        symbol,
        strategy: strategy.name,
        run: this.runName,
        left: this.options.resume?.openOrders.filter((order) => order.symbol === symbol),
      },
      {
        exchange,
        publisher,
        scheduler,
        rateLimit,
        stopwatch,
        random: this.random(`retry:${symbol}`),
        logger: this.ports.logger,
      },
    );
    const grid = gridStrategy({ ...strategy, orderNotional: Number(strategy.orderNotional) });
    return new SymbolActor(
      { symbol, tickSize, lotSize },
      { strategy: grid, executor, positions, risk, publisher, scheduler, stopwatch },
    ) as SymbolActor;
  }

  private onEvent(event: MarketEvent): void {
    this.paper.onMarketEvent(event);
    if (event.type !== 'trade') return;
    this.trades++;
    this.orchestrator.onTrade(event);
  }

  private onMalformed(line: MalformedLine): void {
    this.malformed++;
    this.ports.onMalformed?.(line);
  }

  private finish(): void {
    this.finished = true;
    this.ports.onFinished?.(this.summary());
  }

  private random(purpose: string) {
    return seededRandom(`${this.seed}:${purpose}`);
  }
}
