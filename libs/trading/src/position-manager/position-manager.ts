import type { DecimalString, EventOf } from '@opensqt/trading-events';
import type { EventPublisher } from '../event-publisher';
import { Decimal, plain } from '../market/money';
import { MarkPrice, type Price } from './mark-price';
import { FLAT, type Position, applyFill, unrealizedPnl } from './position';

/** A position as it is kept between runs. */
export interface HeldPosition {
  readonly symbol: string;
  readonly strategy: string;
  /** Base asset; negative when short. */
  readonly size: DecimalString;
  /** Quote currency per unit; `0` when flat. */
  readonly entryPrice: DecimalString;
}

/** A position for those who only compare: numbers beside the exact amounts. */
export interface PositionView {
  readonly position: Position;
  readonly mark: Price | undefined;
  readonly size: number;
  /** At the mark price, quote currency, never negative. */
  readonly notional: number;
  readonly unrealized: number;
}

interface Book {
  readonly strategy: string;
  readonly marks: MarkPrice;
  position: Position;
  size: number;
  entry: number;
  mark: Price | undefined;
}

/** Keeps every symbol's position and what it has earned. */
export class PositionManager {
  private readonly books = new Map<string, Book>();
  private realized: Decimal = new Decimal(0);

  constructor(private readonly publisher: EventPublisher) {}

  /** Begins to keep a symbol's position, with what an earlier run left. */
  open(symbol: string, strategy: string, held?: HeldPosition): void {
    const position =
      held === undefined ? FLAT : { size: new Decimal(held.size), entryPrice: new Decimal(held.entryPrice) };
    this.books.set(symbol, {
      strategy,
      marks: new MarkPrice(),
      position,
      size: position.size.toNumber(),
      entry: position.entryPrice.toNumber(),
      mark: undefined,
    });
  }

  onFill({ id, data: fill }: EventOf<'order.filled'>): EventOf<'position.changed'> {
    const book = this.book(fill.symbol);
    const { position, realizedPnl } = applyFill(book.position, fill);
    book.position = position;
    book.size = position.size.toNumber();
    book.entry = position.entryPrice.toNumber();
    this.realized = this.realized.plus(realizedPnl);
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
    const { position, mark, size, entry } = this.book(symbol);
    const price = mark?.value ?? entry;
    return { position, mark, size, notional: Math.abs(size) * price, unrealized: (price - entry) * size };
  }

  views(): readonly PositionView[] {
    return [...this.books.keys()].map((symbol) => this.view(symbol));
  }

  /** Realized profit or loss of this run, quote currency, before fees. */
  realizedPnl(): Decimal {
    return this.realized;
  }

  private book(symbol: string): Book {
    const book = this.books.get(symbol);
    if (book === undefined) throw new RangeError(`No position is kept for '${symbol}'.`);
    return book;
  }
}
