import { performance } from 'node:perf_hooks';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { EventLog } from '@opensqt/event-log';
import { AlertLevel, AlertService, EVENT_LOG, EventRecorder, TRADING_ENDED } from '@opensqt/observability';
import {
  type MarketMaker,
  type RunSummary,
  createMarketMaker,
  resumeOf,
  resumeProjection,
} from '@opensqt/trading';
import type { Configuration } from '@opensqt/configuration';
import { CONFIGURATION } from '@opensqt/configuration/nest';
import { MalformedLines } from './malformed-lines';
import { MarketBreakers } from './market-breakers';
import { MarketClock } from './market-clock';
import { tradingOptions } from './trading-options';
import { summaryLines } from './summary-lines';

/** Runs the market maker: from where the log ends until the process does. */
@Injectable()
export class MarketMakerRunner implements OnModuleDestroy {
  private readonly logger = new Logger('Trading');
  private readonly malformed = new MalformedLines(this.logger);
  private marketMaker: MarketMaker | undefined;
  private stopping = false;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly emitter: EventEmitter2,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly recorder: EventRecorder,
    private readonly alerts: AlertService,
    private readonly clock: MarketClock,
    private readonly breakers: MarketBreakers,
  ) {}

  /**
   * Trades. Waits for the replay first: what happens is counted on top of what had happened.
   *
   * @returns when trading has ended (at a stop, or after a recording when `exchange.when_finished` is `exit`): false where it failed
   */
  async run(): Promise<boolean> {
    await this.recorder.ready();
    const resume = resumeOf(this.recorder.committedState(resumeProjection).state);
    if (this.stopping) return true;
    if (resume !== undefined) {
      this.logger.log(
        `Resuming after ${new Date(resume.since).toISOString()}: ${resume.positions.length} positions taken over, ${resume.openOrders.length} orders to be settled with the venue.`,
      );
    }
    const options = { ...tradingOptions(this.configuration), resume };
    const startedAt = performance.now();
    const marketMaker = createMarketMaker(options, {
      publish: (event) => this.emitter.emit(event.type, event),
      flushed: () => this.log.flush(),
      logger: {
        info: (message) => this.logger.log(message),
        warn: (message) => this.logger.warn(message),
        error: (message) => this.logger.error(message),
      },
      onMalformed: (line) => this.malformed.add(line),
      onFinished: (summary) => this.finished(summary, performance.now() - startedAt),
    });
    this.marketMaker = marketMaker;
    this.clock.follow(marketMaker.clock);
    this.breakers.follow(marketMaker, () => this.log.flush());
    this.emitter.once('symbol.started', () => void this.resolveEnded());
    try {
      await marketMaker.run();
      return true;
    } catch (error) {
      await this.failed(error);
      return false;
    } finally {
      this.breakers.leave();
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    if (this.marketMaker === undefined) return;
    this.logger.log('Stopping: cancelling open orders.');
    await this.marketMaker.stop();
    const { ordersPlaced, fills, canceled } = this.marketMaker.summary();
    this.logger.log(`Stopped after ${ordersPlaced} orders, ${fills} fills and ${canceled} cancels.`);
  }

  private finished(summary: RunSummary, tookMs: number): void {
    this.malformed.report();
    for (const line of summaryLines(summary, tookMs)) this.logger.log(line);
    if (this.configuration.exchange.whenFinished === 'serve') {
      this.logger.log(
        'The recording has ended; metrics, health and alerts are still served. Ctrl-C ends the process.',
      );
    }
  }

  /** Symbols that ended with the last process have started again with this one. */
  private async resolveEnded(): Promise<void> {
    const { name } = this.configuration.exchange;
    const ended = this.alerts
      .active()
      .find(({ condition, labels }) => condition === TRADING_ENDED && labels['exchange'] === name);
    try {
      if (ended !== undefined) await this.alerts.resolve(ended.id, 'trading has begun again');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`The alert that trading has ended is still open: ${reason}`);
    }
  }

  /** Trading that ends by itself is what nobody may sleep through. */
  private async failed(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const { name, whenFinished } = this.configuration.exchange;
    this.logger.error(`Trading has ended: ${reason}`);
    const remains = whenFinished === 'exit' ? 'the process ends' : 'metrics and health are still served';
    await this.alerts.raise({
      condition: TRADING_ENDED,
      labels: { exchange: name },
      level: AlertLevel.Critical,
      title: 'Trading has ended',
      message: `${reason} Nothing is quoted any more; ${remains}. Start it again once the cause is gone.`,
    });
  }
}
