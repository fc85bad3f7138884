import { Injectable } from '@nestjs/common';
import { EVENT_TYPES } from '@opensqt/trading-events';
import { ApplicationEmitters } from './application-emitters';

const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);

/**
 * Listens on every emitter of the application, which are the application's own: importing two EventEmitterModules must not lose half
 * of the events. To any event, because one in our envelope whose type nobody knows must be counted; that costs a copied array per
 * emit, and listening to the known types besides would cost more.
 */
@Injectable()
export class EventListener {
  private readonly stops: (() => void)[] = [];

  constructor(private readonly emitters: ApplicationEmitters) {}

  /** @param onEvent called with whatever is emitted and could be an event; must not throw */
  start(onEvent: (candidate: unknown) => void): void {
    for (const emitter of this.emitters.settle()) {
      const listener = (name: string | string[], value: unknown): void => {
        if (concernsUs(name, value)) onEvent(value);
      };
      emitter.onAny(listener);
      this.stops.push(() => emitter.offAny(listener));
    }
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }
}

/**
 * An emitter carries other applications' events too: ours are those of a known name, or in our envelope. A proxy that throws when
 * it is looked at is none of ours.
 */
function concernsUs(name: string | string[], value: unknown): boolean {
  if (typeof name === 'string' && KNOWN_TYPES.has(name)) return true;
  if (typeof value !== 'object' || value === null) return false;
  try {
    return 'type' in value && 'source' in value && 'occurredAt' in value && 'data' in value;
  } catch {
    return false;
  }
}
