import type { Random } from '@opensqt/trading-events';
import type { MarketScheduler } from '../../market/market-scheduler';
import { standardNormal } from '../../random-variates';
import { ExchangeError } from '../../remote-exchange/exchange-error';

/** Scatter of the answer times around their median: the standard deviation of their logarithm. */
const LATENCY_SPREAD = 0.25;

/**
 * The wire to the paper venue, on the market's clock. Requests arrive in the order in which they were sent, and so do the
 * answers; while the link is down they fail.
 */
export class VenueLink {
  private latencyMs: number;
  private lastArrival = 0;
  private lastAnswer = 0;
  private down = false;

  /** @param usualLatencyMs median of a call's duration */
  constructor(
    private readonly scheduler: MarketScheduler,
    private readonly random: Random,
    private readonly usualLatencyMs: number,
  ) {
    this.latencyMs = usualLatencyMs;
  }

  setLatency(latencyMs: number = this.usualLatencyMs): void {
    this.latencyMs = latencyMs;
  }

  setDown(down: boolean): void {
    this.down = down;
  }

  /** Runs `operate` when the request arrives and resolves with its result when the answer is back. */
  request<Result>(operate: () => Result): Promise<Result> {
    const now = this.scheduler.now();
    const half = (this.latencyMs * Math.exp(LATENCY_SPREAD * standardNormal(this.random))) / 2;
    const arrival = (this.lastArrival = Math.max(this.lastArrival, Math.round(now + half)));
    const answer = (this.lastAnswer = Math.max(this.lastAnswer, Math.round(arrival + half)));
    return new Promise((resolve, reject) => {
      this.scheduler.after(arrival - now, () => {
        const complete = this.down
          ? () => reject(new ExchangeError('EXCHANGE_UNAVAILABLE', 'The paper exchange is not connected.'))
          : resolveWith(operate(), resolve);
        this.scheduler.after(answer - arrival, complete);
      });
    });
  }
}

function resolveWith<Result>(result: Result, resolve: (result: Result) => void): () => void {
  return () => resolve(result);
}
