import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, Workplace } from './testing/market-maker-process';
import { type Entry, expectBooksToMatch } from './testing/recorded-books';
import { syntheticRecording } from './testing/synthetic-recording';

/** Real recordings are not part of the repository; where they stand beside it, they are run too. */
const MARKET_DATA = join(REPOSITORY, '../shared/market-data');
const KRAKEN_DAY: readonly Entry[] = ['BTCEUR', 'ETHEUR'].map((symbol) => ({
  symbol,
  path: join(MARKET_DATA, `hftframework-trades/kraken_${symbol}_trades_2024-03-14.csv.gz`),
}));
const BINANCE_CAPTURE: readonly Entry[] = ['BTCUSDT', 'ETHUSDT'].flatMap((symbol) =>
  ['20240808', '20240809'].map((day) => ({
    symbol,
    path: join(MARKET_DATA, `hftbacktest-ws/spot_${symbol.toLowerCase()}_${day}.jsonl-ns.gz`),
  })),
);
const REAL = [
  { name: 'two symbols at Kraken', recording: KRAKEN_DAY },
  { name: 'a raw Binance capture', recording: BINANCE_CAPTURE },
];

describe('a recorded day, run as fast as it goes', () => {
  let workplace: Workplace;
  beforeEach(() => {
    workplace = new Workplace();
  });
  afterEach(() => workplace.clear());

  it('of two made-up symbols has metrics that equal the books kept from the fills alone', () =>
    expectBooksToMatch(workplace, [
      { symbol: 'AAAEUR', path: workplace.write('a.csv', syntheticRecording('a', 86_400, 60_000)) },
      { symbol: 'BBBEUR', path: workplace.write('b.csv', syntheticRecording('b', 86_400, 3_000)) },
    ]));

  for (const { name, recording } of REAL) {
    const present = recording.every(({ path }) => existsSync(path));
    (present ? it : it.skip)(`of ${name} has metrics that equal the books kept from the fills alone`, () =>
      expectBooksToMatch(workplace, recording),
    );
  }
});
