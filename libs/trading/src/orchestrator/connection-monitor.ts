import { type Clock, type EpochMs, type ExchangeStream, assertNever } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import type { ConnectionChange } from '../remote-exchange/exchange-port';

/** Keeps the state of the exchange's streams and publishes its changes. */
export class ConnectionMonitor {
  private readonly lost = new Map<ExchangeStream, { readonly since: EpochMs; readonly eventId?: string }>();

  constructor(
    private readonly exchange: string,
    private readonly publisher: EventPublisher,
    private readonly clock: Clock,
  ) {}

  get allUp(): boolean {
    return this.lost.size === 0;
  }

  /** Publishes that a stream is back which an earlier run lost: this run has just connected it. */
  resume(stream: ExchangeStream, since: EpochMs): void {
    this.lost.set(stream, { since });
    this.onChange({ status: 'restored', stream, attempts: 1 });
  }

  /** The id of the event, or nothing when the stream was in that state already. */
  onChange(change: ConnectionChange): string | undefined {
    const { stream } = change;
    const lost = this.lost.get(stream);
    switch (change.status) {
      case 'lost': {
        if (lost !== undefined) return undefined;
        const data = { exchange: this.exchange, stream, reason: change.reason, reconnecting: true };
        const { id } = this.publisher.publish('exchange.disconnected', data);
        this.lost.set(stream, { since: this.clock.now(), eventId: id });
        return id;
      }
      case 'restored': {
        if (lost === undefined) return undefined;
        this.lost.delete(stream);
        const downtimeMs = Math.max(0, this.clock.now() - lost.since);
        const data = { exchange: this.exchange, stream, downtimeMs, attempts: change.attempts };
        return this.publisher.publish('exchange.reconnected', data, lost.eventId).id;
      }
      default:
        return assertNever(change);
    }
  }
}
