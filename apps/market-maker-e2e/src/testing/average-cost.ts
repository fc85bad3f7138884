/**
 * The books of one symbol, kept the schoolbook way in integers and fractions, from fills alone. Shares nothing with the
 * product: not its code, not its decimal library, not its events' other numbers.
 */
export interface Books {
  fills: { buy: number; sell: number };
  volume: Rational;
  size: Rational;
  /** Total cost of what is held; negative when short. */
  cost: Rational;
  profit: Rational;
  loss: Rational;
}

/** A fill as it stands in the log. */
export interface Fill {
  readonly side: string;
  readonly price: string;
  readonly quantity: string;
}

export function emptyBooks(): Books {
  return { fills: { buy: 0, sell: 0 }, volume: ZERO, size: ZERO, cost: ZERO, profit: ZERO, loss: ZERO };
}

export function enter(books: Books, { side, price, quantity }: Fill): void {
  if (side === 'buy') books.fills.buy += 1;
  else books.fills.sell += 1;
  const amount = rational(quantity);
  books.volume = plus(books.volume, amount);
  const signed = side === 'buy' ? amount : negative(amount);
  const opens = books.size.n === 0n || books.size.n > 0n === signed.n > 0n;
  const closing = opens ? ZERO : smaller(amount, absolute(books.size));
  if (closing.n > 0n) {
    const average = dividedBy(books.cost, books.size);
    const perUnit = plus(rational(price), negative(average));
    const realized = times(books.size.n > 0n ? perUnit : negative(perUnit), closing);
    if (realized.n > 0n) books.profit = plus(books.profit, realized);
    else books.loss = plus(books.loss, negative(realized));
    const closed = books.size.n > 0n ? negative(closing) : closing;
    books.cost = plus(books.cost, times(average, closed));
    books.size = plus(books.size, closed);
  }
  const opening = plus(amount, negative(closing));
  const opened = side === 'buy' ? opening : negative(opening);
  books.size = plus(books.size, opened);
  books.cost = plus(books.cost, times(rational(price), opened));
}

/** An exact fraction; the denominator is positive. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const ZERO: Rational = { n: 0n, d: 1n };

export function rational(decimal: string): Rational {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return reduced(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}

/** The nearest double, by way of 30 decimals. */
export function toNumber({ n, d }: Rational): number {
  const scaled = (n * 10n ** 30n) / d;
  return Number(`${scaled}e-30`);
}

export function plus(a: Rational, b: Rational): Rational {
  return reduced(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function negative({ n, d }: Rational): Rational {
  return { n: -n, d };
}

function times(a: Rational, b: Rational): Rational {
  return reduced(a.n * b.n, a.d * b.d);
}

function dividedBy(a: Rational, b: Rational): Rational {
  return b.n < 0n ? reduced(-a.n * b.d, a.d * -b.n) : reduced(a.n * b.d, a.d * b.n);
}

function absolute({ n, d }: Rational): Rational {
  return { n: n < 0n ? -n : n, d };
}

function smaller(a: Rational, b: Rational): Rational {
  return a.n * b.d < b.n * a.d ? a : b;
}

function reduced(n: bigint, d: bigint): Rational {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b > 0n) [a, b] = [b, a % b];
  return { n: n / a, d: d / a };
}
