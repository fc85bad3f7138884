import { Logger } from '@nestjs/common';
import type { Rejection } from '@opensqt/trading-events';

/** Counts refused events by type and reason, and logs each kind once. */
export class Rejections {
  private readonly logger = new Logger('Events');
  private readonly counts = new Map<string, { readonly rejection: Rejection; count: number }>();

  add(rejection: Rejection): void {
    const kind = `${rejection.type}\u0000${rejection.reason}`;
    const known = this.counts.get(kind);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.counts.set(kind, { rejection, count: 1 });
    this.logger.warn(
      `${rejection.message} The event was refused; further ones of this kind are only counted, in market_maker_events_rejected_total.`,
    );
  }

  /** The number of refused events, per type and reason. */
  *[Symbol.iterator](): Iterator<{ type: string; reason: string; count: number }> {
    for (const { rejection, count } of this.counts.values()) {
      yield { type: rejection.type, reason: rejection.reason, count };
    }
  }
}
