import { Logger } from '@nestjs/common';
import { type AnyEvent, type EventSource, Rejection, parseEvent } from '@opensqt/trading-events';
import { LabelBounds } from './label-bounds';
import type { Rejections } from './rejections';

/** The sources whose events are stated within, and by whom. */
const OWN_SOURCES: Partial<Record<EventSource, string>> = {
  alerts: 'the AlertService',
  'event-log': 'the event log',
};

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
    const stater = OWN_SOURCES[event.source];
    return stater === undefined ? this.bounds.check(event) : notFromTheEmitter(event, stater);
  }
}

function notFromTheEmitter(event: AnyEvent, stater: string): Rejection {
  const message = `Event ${event.type}: only ${stater} states it. Don't emit it.`;
  return new Rejection(event.type, 'not_allowed', message);
}
