import type { DecimalString, EventOf } from '@opensqt/trading-events';
import type { EventPublisher, TradingLogger } from '../event-publisher';
import { type QuoteAssetOf, quoteAssetsOf } from '../market/market-rules';
import { Decimal, plain } from '../market/money';
import { feeInQuote } from './fees';
import { MarkPrice, type Price } from './mark-price';
import { FLAT, type Position, applyFill, unrealizedPnl } from './position';
import type { PositionView } from './position-view';

/** A position as it is kept between runs. */
export interface HeldPosition {
  readonly symbol: string;
  readonly strategy: string;
  /** Base asset; negative when short. */
  readonly size: DecimalString;
  /** Quote currency per unit; `0` when flat. */
  readonly entryPrice: DecimalString;
}

interface Book {
  readonly strategy: string;
  readonly marks: MarkPrice;
  position: Position;
  realized: Decimal;
  size: number;
  entry: number;
  mark: Price | undefined;
  /** Of an earlier run. */
  readonly lastPrice: Price | undefined;
}

/** Keeps every symbol's position and what it has earned. */
export class PositionManager {
  private readonly books = new Map<string, Book>();
  /** Mark prices of symbols before they are opened. */
  private readonly history = new Map<string, MarkPrice>();
  /** The books' sums, kept since they are asked for with every tick. */
  private realized: Decimal = new Decimal(0);
  private net: Decimal = new Decimal(0);
  /** Assets of fees whose price is not known. */
  private readonly unpriced = new Set<string>();

  constructor(
    private readonly publisher: EventPublisher,
    private readonly logger: TradingLogger,
    /** The asset that a symbol is priced in, as far as known. */
    readonly quoteAssetOf: QuoteAssetOf = quoteAssetsOf([]),
  ) {}

  /** Begins to keep a symbol's position, with what an earlier run left, and the last price that it knew. */
  open(symbol: string, strategy: string, held?: HeldPosition, lastPrice?: DecimalString): void {
    const position =
      held === undefined ? FLAT : { size: new Decimal(held.size), entryPrice: new Decimal(held.entryPrice) };
    this.books.set(symbol, {
      strategy,
      marks: this.history.get(symbol) ?? new MarkPrice(),
      position,
      realized: new Decimal(0),
      size: position.size.toNumber(),
      entry: position.entryPrice.toNumber(),
      mark: undefined,
      lastPrice: lastPrice === undefined ? undefined : { exact: lastPrice, value: Number(lastPrice) },
    });
  }

  /** Before the start: the mark price after a trade that an earlier run has dealt with. The next one goes on from it. */
  onHistory(symbol: string, price: Price): Price {
    const marks = this.history.get(symbol) ?? new MarkPrice();
    this.history.set(symbol, marks);
    return marks.next(price);
  }

  onFill({ id, data: fill }: EventOf<'order.filled'>): EventOf<'position.changed'> {
    const book = this.book(fill.symbol);
    const { position, realizedPnl } = applyFill(book.position, fill);
    book.position = position;
    book.size = position.size.toNumber();
    book.entry = position.entryPrice.toNumber();
    book.realized = book.realized.plus(realizedPnl);
    this.realized = this.realized.plus(realizedPnl);
    this.net = this.net.plus(realizedPnl);
    this.chargeFee(fill);
    return this.publisher.publish(
      'position.changed',
      {
        symbol: fill.symbol,
        strategy: book.strategy,
        size: plain(position.size),
        entryPrice: plain(position.entryPrice),
        realizedPnl: plain(realizedPnl),
        unrealizedPnl: plain(unrealizedPnl(position, book.mark?.exact ?? fill.price)),
      },
      id,
    );
  }

  /** Values the position after a trade at `price`; publishes that when the mark price moved and something is held. */
  onPrice(symbol: string, price: Price, causationId: string | undefined): Price {
    const book = this.book(symbol);
    const mark = book.marks.next(price);
    const moved = mark.value !== book.mark?.value;
    book.mark = mark;
    if (moved && book.size !== 0) {
      this.publisher.publish(
        'position.marked',
        {
          symbol,
          strategy: book.strategy,
          markPrice: plain(new Decimal(mark.exact)),
          unrealizedPnl: plain(unrealizedPnl(book.position, mark.exact)),
        },
        causationId,
      );
    }
    return mark;
  }

  view(symbol: string): PositionView {
    const { position, realized, mark, lastPrice, size, entry } = this.book(symbol);
    const price = (mark ?? lastPrice)?.value ?? entry;
    return {
      symbol,
      position,
      realized,
      mark,
      lastPrice,
      size,
      notional: Math.abs(size) * price,
      unrealized: (price - entry) * size,
    };
  }

  views(): readonly PositionView[] {
    return [...this.books.keys()].map((symbol) => this.view(symbol));
  }

  /** Realized profit or loss of this run, quote currency, before fees. */
  realizedPnl(): Decimal {
    return this.realized;
  }

  /** The same, fees deducted as far as their value is known. */
  netPnl(): Decimal {
    return this.net;
  }

  private chargeFee(fill: EventOf<'order.filled'>['data']): void {
    const priceOf = (symbol: string) => {
      const book = this.books.get(symbol);
      return (book?.mark ?? book?.lastPrice)?.exact;
    };
    const fee = feeInQuote(fill, priceOf, this.quoteAssetOf(fill.symbol));
    if (fee !== undefined) {
      this.net = this.net.minus(fee);
    } else if (!this.unpriced.has(fill.feeAsset)) {
      this.unpriced.add(fill.feeAsset);
      this.logger.warn(
        `Fees in ${fill.feeAsset} are not counted by the drawdown: ${fill.feeAsset} has no known price in the currency of ${fill.symbol}. Configure a symbol that has it, or pay fees in that currency.`,
      );
    }
  }

  private book(symbol: string): Book {
    const book = this.books.get(symbol);
    if (book === undefined) throw new RangeError(`No position is kept for '${symbol}'.`);
    return book;
  }
}
