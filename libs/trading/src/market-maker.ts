import { type TradingEvent, TokenBucket, seededIds, seededRandom } from '@opensqt/trading-events';
import { EventPublisher } from './event-publisher';
import { KINDS, type Kinds, kindOf } from './kinds';
import { DurableGate } from './market/durable-gate';
import type { MarketEvent, MarketFeed, Trade } from './market/market-event';
import { MarketLoop } from './market/market-loop';
import { quoteAssetsOf } from './market/market-rules';
import { MarketScheduler } from './market/market-scheduler';
import { Pacer } from './market/pacer';
import { type MalformedLine, skipUntil } from './market/market-source';
import { plain } from './market/money';
import type { RecordedFile } from './market/recording.options';
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
import type { MarketMaker, MarketMakerPorts, RunSummary } from './ports';
import { PositionManager } from './position-manager/position-manager';
import { RemoteExchange } from './remote-exchange/remote-exchange';
import type { BreakerReset } from './risk-monitor/circuit-breaker';
import { RiskMonitor } from './risk-monitor/risk-monitor';
import type { Venue } from './venues/venue';

/**
 * Builds a market maker: the source of prices, the venue and the strategies are those that the options name.
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
  return assembleMarketMaker(options, ports, KINDS);
}

/** Builds a market maker whose options choose among other kinds than the built-in ones. */
export function assembleMarketMaker(
  options: Readonly<Record<string, unknown>>,
  ports: MarketMakerPorts,
  kinds: Kinds,
): MarketMaker {
  return new AssembledMarketMaker(resolveOptions(options, kinds), ports, kinds);
}

type Counted = 'order.placed' | 'order.filled' | 'order.canceled' | 'order.rejected';

class AssembledMarketMaker implements MarketMaker {
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
  private readonly venue: Venue;
  private readonly exchange: RemoteExchange;
  private readonly positions: PositionManager;
  private readonly risk: RiskMonitor;
  private readonly connections: ConnectionMonitor;
  private readonly orchestrator: Orchestrator;
  private readonly gate: DurableGate;
  private readonly loop: MarketLoop;
  private trades = 0;
  private malformed = 0;
  private repeated = 0;
  private finished = false;
  private running: Promise<RunSummary> | undefined;

  constructor(
    private readonly options: ResolvedOptions,
    private readonly ports: MarketMakerPorts,
    private readonly kinds: Kinds,
  ) {
    const { name, exchange, resume } = options;
    this.seed = `${exchange.seed}:${resume?.since ?? 'start'}`;
    const run = resume === undefined ? 'r0' : `r${resume.since.toString(36)}`;
    this.runName = name === undefined ? run : `${name}-${run}`;
    const ids = seededIds(name === undefined ? this.seed : `${this.seed}:${name}`);
    this.stopwatch = ports.stopwatch ?? (() => performance.now());
    const deliver = (event: TradingEvent): void => {
      if (event.type in this.counts) this.counts[event.type as Counted]++;
      ports.publish(event);
    };
    this.publisher = new EventPublisher(deliver, this.clock, ids, ports.logger);
    const quoteAssetOf = quoteAssetsOf(options.symbols);
    this.venue = kindOf(kinds.venues, exchange.venue, 'venue').create(exchange, {
      name: exchange.name,
      run: this.runName,
      scheduler: this.clock,
      quoteAssetOf,
      random: (purpose) => this.random(purpose),
    });
    this.exchange = new RemoteExchange(this.venue, this.publisher, {
      timeoutMs: exchange.callTimeout,
      stopwatch: () => this.clock.now(),
      timer: this.clock,
      onCallCompleted: (durationMs, outcome) => this.risk.onCallCompleted(durationMs, outcome),
    });
    this.positions = new PositionManager(this.publisher, ports.logger, quoteAssetOf);
    this.connections = new ConnectionMonitor(this.exchange.name, this.publisher, this.clock);
    this.orchestrator = new Orchestrator(
      this.exchange,
      this.connections,
      this.publisher,
      this.clock,
      options.sampleInterval,
      () => this.risk.sample(),
    );
    const marketDataAges = Object.fromEntries(
      options.symbols.map(({ symbol, maxMarketDataAge }) => [symbol, maxMarketDataAge]),
    );
    const limits = { ...options.risk, marketDataAges };
    this.risk = new RiskMonitor(limits, this.positions, this.clock, this.publisher, {
      cancellable: (scope) => this.orchestrator.cancellable(scope),
      onTripped: (scope, eventId) => this.gate.hold(() => this.orchestrator.onTripped(scope, eventId)),
      onStale: (symbol) => this.orchestrator.onStale(symbol),
    });
    this.gate = new DurableGate(ports.flushed, ports.logger);
    const pacer = new Pacer(exchange.speed, () => performance.now());
    const handlers = {
      onStart: () => this.start(),
      onEvent: (event: MarketEvent) => this.onEvent(event),
      onFeedEnded: () => this.risk.unwatch(),
      onFinished: () => this.finish(),
      shutDown: () => {
        this.risk.unwatch();
        return this.orchestrator.stop();
      },
    };
    this.loop = new MarketLoop(this.clock, pacer, this.gate, handlers, {
      startAt: resume?.since ?? exchange.startAt,
      exitWhenFinished: exchange.whenFinished === 'exit',
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

  get trippedBreakers(): readonly string[] {
    return this.risk.tripped;
  }

  resetBreaker(scope: string, reset: BreakerReset = { by: 'operator' }): boolean {
    return this.risk.resetBreaker(scope, reset);
  }

  summary(): RunSummary {
    return {
      trades: this.trades,
      malformed: this.malformed,
      repeated: this.repeated,
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
    const onHistory = (trade: Trade): void => this.onHistory(trade);
    if (feed !== undefined) return resume === undefined ? feed : skipUntil(feed, resume.since, onHistory);
    return kindOf(this.kinds.sources, exchange.source, 'source of prices').open({
      symbols,
      recording,
      seed: this.seed,
      startAt: exchange.startAt,
      resumeAfter: resume?.since,
      lastPrices: resume?.lastPrices ?? {},
      onHistory,
      onMalformed: (line) => this.onMalformed(line),
      onRepeated: (file) => this.onRepeated(file),
    });
  }

  private start(): void {
    const { resume, symbols } = this.options;
    const { ordersPerSecond } = this.options.exchange;
    const limit = { burst: 2 * ordersPerSecond, refill: ordersPerSecond, intervalMs: 1_000 };
    const rateLimit = new TokenBucket(this.clock, limit);
    const actors = symbols.map((options) => {
      const { symbol } = options;
      const held = resume?.positions.find((position) => position.symbol === symbol);
      this.positions.open(symbol, options.strategy.name, held, resume?.lastPrices[symbol]);
      return [this.actor(options, rateLimit), options.strategy.name] as const;
    });
    this.orchestrator.start(actors);
    this.risk.start(
      symbols.map(({ symbol }) => symbol),
      resume,
    );
    this.takeOver();
  }

  /** States the fate of all that an earlier run left open. */
  private takeOver(): void {
    const { resume, symbols } = this.options;
    const traded = new Set(symbols.map(({ symbol }) => symbol));
    for (const symbol of resume?.symbols ?? []) {
      if (!traded.has(symbol)) this.publisher.publish('symbol.stopped', { symbol, reason: 'not_configured' });
    }
    for (const { symbol, orderId } of resume?.openOrders ?? []) {
      if (traded.has(symbol)) continue;
      const order = `The order ${orderId} was left open, and ${symbol} is not configured any more`;
      this.ports.logger.warn(`${order}. Cancel it at the venue, or configure ${symbol} again.`);
    }
    for (const { symbol, strategy } of resume?.panickedStrategies ?? []) {
      this.publisher.publish('strategy.restarted', { symbol, strategy, attempt: 1 });
    }
    for (const { exchange, stream, since } of resume?.lostStreams ?? []) {
      if (exchange === this.exchange.name) this.connections.resume(stream, since);
    }
  }

  private actor(options: ResolvedSymbol, rateLimit: TokenBucket): SymbolActor {
    const { symbol, strategy, tickSize, lotSize, minNotional } = options;
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
    return new SymbolActor(
      { symbol, tickSize, lotSize, minNotional },
      {
        strategy: kindOf(this.kinds.strategies, strategy.name, 'strategy').create(strategy),
        executor,
        positions,
        risk,
        publisher,
        scheduler,
        stopwatch,
      },
    );
  }

  private onEvent(event: MarketEvent): void {
    this.venue.onMarketEvent(event);
    if (event.type !== 'trade') return;
    this.trades++;
    this.orchestrator.onTrade(event);
  }

  private onHistory(trade: Trade): void {
    const { resume, symbols } = this.options;
    if (resume === undefined || trade.time <= resume.since - this.risk.historyMs) return;
    const { symbol } = trade;
    if (symbols.some((traded) => traded.symbol === symbol))
      this.risk.onHistory(trade, resume.resetAt[symbol] ?? 0);
  }

  private onMalformed(line: MalformedLine): void {
    this.malformed++;
    this.ports.onMalformed?.(line);
  }

  private onRepeated({ symbol, path }: RecordedFile): void {
    if (this.repeated++ > 0) return;
    this.ports.logger.info(
      `${path} has trades that another recording of ${symbol} has, too: each is played once, by its id.`,
    );
  }

  private finish(): void {
    this.finished = true;
    this.orchestrator.onFinished();
    this.ports.onFinished?.(this.summary());
  }

  private random(purpose: string) {
    return seededRandom(`${this.seed}:${purpose}`);
  }
}
