import type { DecimalString, EpochMs } from '@opensqt/trading-events';
import type { Objection } from '@opensqt/trading-events/options';
import type { MarketEvent, MarketFeed, Trade } from './market-event';
import type { RecordedFile } from './recording.options';

/** A symbol, as far as a source makes its prices up. */
export interface SourceSymbol {
  readonly symbol: string;
  readonly tickSize?: DecimalString | undefined;
  readonly lotSize?: DecimalString | undefined;
  readonly startPrice?: DecimalString | undefined;
}

/** A line of a recording that was skipped. */
export interface MalformedLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** The run that a source is opened for. */
export interface SourceContext {
  readonly symbols: readonly SourceSymbol[];
  readonly recording: readonly RecordedFile[];
  readonly seed: string;
  readonly startAt: EpochMs;
  /** Market time that an earlier run came to; absent when there was none. */
  readonly resumeAfter: EpochMs | undefined;
  /** Prices that an earlier run came to, by symbol. */
  readonly lastPrices: Readonly<Record<string, DecimalString>>;
  /** Receives the last trades before `resumeAfter`, where the source still has them. */
  readonly onHistory: (trade: Trade) => void;
  readonly onMalformed: (line: MalformedLine) => void;
  /** Receives the file of each trade after `resumeAfter` that another recording of the symbol has brought already. */
  readonly onRepeated: (file: RecordedFile) => void;
}

/** A source of prices that can be chosen by name. */
export interface SourceKind {
  /** The symbols of options that name none. */
  symbols(recording: readonly RecordedFile[]): readonly string[];
  /** The reason that the source cannot be opened. */
  objections?(recording: readonly RecordedFile[], symbols: readonly string[]): readonly Objection[];
  /** A symbol's first price, where it is known before the source is opened. */
  firstPrice?(symbol: SourceSymbol): number;
  open(context: SourceContext): MarketFeed;
}

/** The feed without the events up to and at `since`: an earlier run has dealt with them, and they are history. */
export async function* skipUntil(
  feed: MarketFeed,
  since: EpochMs,
  onHistory: (trade: Trade) => void,
): AsyncGenerator<MarketEvent> {
  for await (const event of feed) {
    if (event.time > since) yield event;
    else if (event.type === 'trade') onHistory(event);
  }
}
