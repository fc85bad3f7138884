import { type Books, emptyBooks, enter, negative, plus, toNumber } from './average-cost';
import { type Workplace, metricIn } from './market-maker-process';

/** A recording as the configuration names it. */
export interface Entry {
  readonly symbol: string;
  readonly path: string;
}

/** Runs a recording as fast as it goes, and expects the metrics to equal the books kept from the fills alone. */
export async function expectBooksToMatch(workplace: Workplace, recording: readonly Entry[]): Promise<void> {
  const marketMaker = await workplace.start({ exchange: { source: 'recording', speed: 'max' }, recording });
  await marketMaker.printed('Recording finished');
  await marketMaker.answering();
  const { text: live } = await marketMaker.get('/metrics');
  expect(await marketMaker.end('SIGTERM')).toEqual({ code: 0, signal: null });

  const books = await booksFromTheLog(workplace);
  expect([...books.keys()].sort()).toEqual([...new Set(recording.map(({ symbol }) => symbol))].sort());
  const replayed = await workplace.command('replay');
  for (const text of [live, replayed]) {
    for (const [symbol, book] of books) expect(shown(text, symbol)).toEqual(kept(book));
  }
}

/** A line of the events command. */
export interface LoggedEvent {
  readonly position: number;
  readonly source: string;
  readonly data: Readonly<Record<string, string>>;
}

async function booksFromTheLog(workplace: Workplace): Promise<ReadonlyMap<string, Books>> {
  const books = new Map<string, Books>();
  for (const line of (await workplace.command('events', '--type', 'order.filled')).trimEnd().split('\n')) {
    const { symbol = '', side = '', price = '', quantity = '' } = (JSON.parse(line) as LoggedEvent).data;
    const book = books.get(symbol) ?? emptyBooks();
    books.set(symbol, book);
    enter(book, { side, price, quantity });
  }
  return books;
}

function kept(book: Books) {
  return {
    buys: book.fills.buy,
    sells: book.fills.sell,
    volume: toNumber(book.volume),
    size: toNumber(book.size),
    profit: expect.closeTo(toNumber(book.profit), 9),
    loss: expect.closeTo(toNumber(book.loss), 9),
    net: expect.closeTo(toNumber(plus(book.profit, negative(book.loss))), 9),
  };
}

function shown(text: string, symbol: string) {
  const pnl = `{symbol="${symbol}",strategy="grid"}`;
  return {
    buys: metricIn(text, `market_maker_orders_filled_total{symbol="${symbol}",side="buy"}`),
    sells: metricIn(text, `market_maker_orders_filled_total{symbol="${symbol}",side="sell"}`),
    volume: metricIn(text, `market_maker_volume_total{symbol="${symbol}"}`),
    size: metricIn(text, `market_maker_position_size{symbol="${symbol}"}`),
    profit: metricIn(text, `market_maker_pnl_realized_total${pnl}`),
    loss: metricIn(text, `market_maker_pnl_realized_loss_total${pnl}`),
    net: metricIn(text, `market_maker_pnl_realized${pnl}`),
  };
}
