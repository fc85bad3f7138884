import {
  type Clock,
  type DataOf,
  type EventOf,
  type IdSource,
  type TradingEvent,
  createEvent,
} from '@opensqt/trading-events';

/** The log for what an operator should know and no event says. */
export interface TradingLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

type TradingEventType = TradingEvent['type'];

/** States facts: fills the envelope from the market's clock and a seeded source of ids, and hands the event over. */
export class EventPublisher {
  private readonly reported = new Set<string>();

  constructor(
    private readonly deliver: (event: TradingEvent) => void,
    private readonly clock: Clock,
    private readonly nextId: IdSource,
    private readonly logger: TradingLogger,
  ) {}

  /** Publishes and returns the event; a receiver that throws is contained, because trading must not depend on it. */
  publish<Type extends TradingEventType>(
    type: Type,
    data: DataOf<Type>,
    causationId?: string,
  ): EventOf<Type> {
    const occurredAt = this.clock.now();
    const event = createEvent(type, data, {
      id: this.nextId(occurredAt),
      occurredAt,
      ...(causationId === undefined ? {} : { causationId }),
    });
    try {
      this.deliver(event as TradingEvent);
    } catch (error) {
      this.reportOnce(type, error);
    }
    return event;
  }

  private reportOnce(type: string, error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const kind = `${type} ${name}`;
    if (this.reported.has(kind)) return;
    this.reported.add(kind);
    this.logger.error(
      `A receiver of ${type} threw ${name}: ${message}. Trading goes on; further ones of this kind are not reported.`,
    );
  }
}
