import type { CallOutcome } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { CancelTask } from '../market/market-scheduler';
import { CallSamples } from './call-samples';
import { ExchangeError } from './exchange-error';
import type {
  CancelResult,
  ExchangeListener,
  ExchangePort,
  OrderRequest,
  PlaceResult,
  VenueOrder,
} from './exchange-port';

type Operation = 'place_order' | 'cancel_order' | 'cancel_all_orders' | 'open_orders';

export interface RemoteExchangeOptions {
  readonly timeoutMs: number;
  /** Milliseconds that calls are timed by: the market's clock for a paper venue, a monotonic wall clock for a live one. */
  readonly stopwatch: () => number;
  readonly timer: { after(delayMs: number, task: () => void): CancelTask };
  readonly onCallCompleted: (durationMs: number, outcome: CallOutcome) => void;
}

/** Any exchange, with a timeout on every call. Publishes each call's duration and outcome. */
export class RemoteExchange implements ExchangePort {
  readonly name: string;
  private readonly samples = new CallSamples();

  constructor(
    private readonly port: ExchangePort,
    private readonly publisher: EventPublisher,
    private readonly options: RemoteExchangeOptions,
  ) {
    this.name = port.name;
  }

  placeOrder(request: OrderRequest): Promise<PlaceResult> {
    return this.timed('place_order', () => this.port.placeOrder(request));
  }

  cancelOrder(symbol: string, orderId: string): Promise<CancelResult> {
    return this.timed('cancel_order', () => this.port.cancelOrder(symbol, orderId));
  }

  cancelAll(symbol: string): Promise<readonly string[]> {
    return this.timed('cancel_all_orders', () => this.port.cancelAll(symbol));
  }

  openOrders(symbol: string): Promise<readonly VenueOrder[]> {
    return this.timed('open_orders', () => this.port.openOrders(symbol));
  }

  subscribe(listener: ExchangeListener): void {
    this.port.subscribe(listener);
  }

  /** Publishes the calls that came back since the last sample. */
  sample(): void {
    for (const calls of this.samples.drain())
      this.publisher.publish('exchange.sampled', { exchange: this.name, ...calls });
  }

  private async timed<Result>(operation: Operation, call: () => Promise<Result>): Promise<Result> {
    const startedAt = this.options.stopwatch();
    let outcome: CallOutcome = 'ok';
    try {
      return await this.withTimeout(operation, call());
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      const durationMs = this.options.stopwatch() - startedAt;
      this.publisher.publish('exchange.call_completed', {
        exchange: this.name,
        operation,
        durationMs,
        outcome,
      });
      this.samples.add(operation, outcome, durationMs);
      this.options.onCallCompleted(durationMs, outcome);
    }
  }

  private withTimeout<Result>(operation: Operation, answer: Promise<Result>): Promise<Result> {
    const { timer, timeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      const cancelTimeout = timer.after(timeoutMs, () => {
        reject(
          new ExchangeError(
            'EXCHANGE_TIMEOUT',
            `${this.name} did not answer ${operation} within ${timeoutMs} ms; whether it took effect is not known.`,
          ),
        );
      });
      answer.then(resolve, reject).finally(cancelTimeout);
    });
  }
}

function outcomeOf(error: unknown): CallOutcome {
  if (!(error instanceof ExchangeError)) return 'error';
  if (error.code === 'EXCHANGE_TIMEOUT') return 'timeout';
  return error.code === 'EXCHANGE_RATE_LIMITED' ? 'rate_limited' : 'error';
}
