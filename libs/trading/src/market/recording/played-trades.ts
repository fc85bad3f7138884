import type { EpochMs } from '@opensqt/trading-events';
import type { Trade } from '../market-event';

/** Times of one trade in two files differ by up to so much: each holds back what goes back by a second, and one may be in whole seconds. */
const SAME_TRADE_MS = 2_000;
/** More than a market trades in that time. */
const MAX_REMEMBERED = 100_000;

/**
 * The trades of one symbol that have just been played, so that recordings that overlap play each of them once: by the venue's id, and by price and
 * quantity, since files may number their rows alike.
 */
export class PlayedTrades<File> {
  private readonly played = new Map<string, { readonly file: File; readonly time: EpochMs }>();

  /** False for a trade that another file has brought already; trades come in the order of their times. A trade without an id is always new. */
  add({ id, time, price, quantity }: Trade, file: File): boolean {
    if (id === undefined) return true;
    this.forgetBefore(time - SAME_TRADE_MS);
    const key = `${Number(price)} ${Number(quantity)} ${id}`;
    const known = this.played.get(key);
    if (known !== undefined && known.file !== file) return false;
    this.played.delete(key);
    this.played.set(key, { file, time });
    return true;
  }

  private forgetBefore(since: EpochMs): void {
    for (const [key, { time }] of this.played) {
      if (time >= since && this.played.size < MAX_REMEMBERED) return;
      this.played.delete(key);
    }
  }
}
