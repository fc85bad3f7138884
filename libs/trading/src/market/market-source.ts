import type { DecimalString, EpochMs } from '@opensqt/trading-events';
import type { MarketEvent, MarketFeed } from './market-event';

/** A symbol, as far as a source makes its prices up. */
export interface SourceSymbol {
  readonly symbol: string;
  readonly tickSize?: DecimalString;
  readonly lotSize?: DecimalString;
  readonly startPrice?: DecimalString;
}

/** A file of recorded trades; files of the same symbol are merged. */
export interface RecordingOptions {
  symbol: string;
  path: string;
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
  readonly recording: readonly RecordingOptions[];
  readonly seed: string;
  readonly startAt: EpochMs;
  /** Market time that an earlier run came to; absent when there was none. */
  readonly resumeAfter: EpochMs | undefined;
  /** Prices that an earlier run came to, by symbol. */
  readonly lastPrices: Readonly<Record<string, DecimalString>>;
  readonly onMalformed: (line: MalformedLine) => void;
}

/** A source of prices that can be chosen by name. */
export interface SourceKind {
  /** The symbols of options that name none. */
  symbols(recording: readonly RecordingOptions[]): readonly string[];
  /** A sentence on what is missing in the options; undefined when the source can be opened. */
  problem?(recording: readonly RecordingOptions[]): string | undefined;
  open(context: SourceContext): MarketFeed;
}

/** The feed without the events up to and at `since`: an earlier run has dealt with them. */
export async function* skipUntil(feed: MarketFeed, since: EpochMs): AsyncGenerator<MarketEvent> {
  for await (const event of feed) if (event.time > since) yield event;
}
