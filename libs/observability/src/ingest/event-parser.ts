import { Logger } from '@nestjs/common';
import { type AnyEvent, Rejection, parseEvent } from '@opensqt/trading-events';
import { LabelBounds } from './label-bounds';
import type { Rejections } from './rejections';

/** Judges what was emitted: an event that may be folded and stored, or a rejection. */
export class EventParser {
  private readonly bounds: LabelBounds;

  /**
   * @param symbols the only symbols there are; any, up to a bound, when absent
   * @param rejections counts what is refused
   */
  constructor(
    symbols: readonly string[] | undefined,
    private readonly rejections: Rejections,
  ) {
    this.bounds = new LabelBounds(symbols, (message) => new Logger('Events').warn(message));
  }

  /** The event; undefined when it was refused. Never throws. */
  parse(candidate: unknown): AnyEvent | undefined {
    const event = parseEvent(candidate);
    const rejection = event instanceof Rejection ? event : this.refusal(event);
    if (rejection === undefined) return event as AnyEvent;
    this.rejections.add(rejection);
    return undefined;
  }

  private refusal(event: AnyEvent): Rejection | undefined {
    return event.source === 'alerts' ? notFromTheEmitter(event) : this.bounds.check(event);
  }
}

function notFromTheEmitter(event: AnyEvent): Rejection {
  const message = `Event ${event.type}: only the AlertService states it. Call AlertService instead of emitting.`;
  return new Rejection(event.type, 'not_allowed', message);
}
