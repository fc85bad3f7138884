import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@opensqt/trading-events';
import { Decimal } from 'decimal.js';
import type { Page } from 'playwright-core';
import { REPOSITORY, Workplace } from '../testing/market-maker-process';
import { browserOfTests } from './testing/browser';

/** Real recordings are not part of the repository; where they stand beside it, their pages are read. */
const RECORDING = ['BTCEUR', 'ETHEUR'].map((symbol) => ({
  symbol,
  path: join(
    REPOSITORY,
    `../shared/market-data/hftframework-trades/kraken_${symbol}_trades_2024-03-14.csv.gz`,
  ),
}));
const POSITIONS = 10;
const isThere = RECORDING.every(({ path }) => existsSync(path));
if (!isThere) process.stdout.write('../shared/market-data is not there: the recorded day is left out.\n');

/** A figure as the page writes it. */
const written = (value: string | undefined, digits?: number, signed = false): string => {
  if (value === undefined) return '–';
  const amount = new Decimal(value);
  const rounded = digits === undefined ? amount : new Decimal(amount.toFixed(digits));
  const text = digits === undefined ? rounded.abs().toFixed() : rounded.abs().toFixed(digits);
  const sign = rounded.isNegative() && !rounded.isZero() ? '−' : signed && !rounded.isZero() ? '+' : '';
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return sign + grouped + (fraction === undefined ? '' : `.${fraction}`);
};

class Metrics {
  private readonly series: ReadonlyMap<string, string>;

  constructor(text: string) {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.series = new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
    );
  }

  of(name: string, labels: string): string | undefined {
    return this.series.get(`market_maker_${name}{${labels}}`);
  }

  /** Of all series of that name. */
  sum(name: string): string | undefined {
    const values = [...this.series].flatMap(([series, value]) =>
      series.startsWith(`market_maker_${name}{`) ? [new Decimal(value)] : [],
    );
    return values.length === 0 ? undefined : Decimal.sum(...values).toFixed();
  }
}

/** The figures of a symbol's row, as metrics at that position. */
function rowOf(metrics: Metrics, symbol: string) {
  const [of, strategy] = [`symbol="${symbol}"`, `symbol="${symbol}",strategy="grid"`];
  const resting = (side: string) => metrics.of('orders_active', `${of},side="${side}"`) ?? '0';
  return {
    resting: `${resting('buy')} ${resting('sell')}`,
    position: written(metrics.of('position_size', of), undefined, true),
    unrealized: written(metrics.of('pnl_unrealized', strategy), 2, true),
    realized: written(metrics.of('pnl_realized', strategy), 2, true),
    fees: written(metrics.of('fees_total', `${of},asset="EUR"`), 2),
  };
}

/** The figures of a symbol's row, as the document has them. */
async function rowShown(page: Page, symbol: string) {
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: symbol }) });
  const text = async (cell: string) => (await row.locator(`.${cell}`).innerText()).trim();
  return {
    resting: (await text('c-ord')).match(/\d+/g)?.join(' '),
    position: (await text('c-pos')).split(' ')[0],
    unrealized: (await text('c-upnl')).split(/\s/)[0],
    realized: await text('c-rpnl'),
    fees: await text('c-fee'),
  };
}

/** The figures of the whole, as metrics at that position. */
const figuresOf = (metrics: Metrics) => ({
  Realized: written(metrics.sum('pnl_realized'), 2, true),
  Unrealized: written(metrics.sum('pnl_unrealized'), 2, true),
  Fees: written(metrics.sum('fees_total'), 2),
  fills: written(metrics.sum('orders_filled_total')),
  Drawdown: written(metrics.of('risk_limit_value', 'scope="global",limit="max_drawdown"'), 2),
  Exposure: written(metrics.of('risk_limit_value', 'scope="global",limit="max_exposure"'), 2),
});

/** The figures of the whole, as the document has them. */
async function figuresShown(page: Page) {
  const figure = (label: string) =>
    page.locator('.figures > div').filter({ has: page.getByText(label, { exact: true }) });
  const value = async (label: string) => (await figure(label).locator('.v').innerText()).split(' ')[0];
  return {
    Realized: await value('Realized'),
    Unrealized: await value('Unrealized'),
    Fees: await value('Fees'),
    fills: /[\d,]+/.exec(await figure('Fees').locator('.s').innerText())?.[0],
    Drawdown: await value('Drawdown'),
    Exposure: await value('Exposure'),
  };
}

(isThere ? describe : describe.skip)('the page of a recorded day', () => {
  const workplace = new Workplace();
  const browser = browserOfTests();
  afterAll(() => workplace.clear());

  it('shows at any position what `replay -- --to POSITION` says, figure by figure', async () => {
    const exchange = { source: 'recording', speed: 'max', maker_fee: '0.0004' };
    const bot = await workplace.start({ exchange, recording: RECORDING });
    await bot.printed('Recording finished', { within: 600_000 });
    const overview = await bot.get('/api/v1/overview');
    const { head } = JSON.parse(overview.text) as { readonly head: number };
    const random = seededRandom('positions of a recorded day');
    for (const position of Array.from({ length: POSITIONS }, () => 1 + Math.floor(random() * head))) {
      const metrics = new Metrics(await workplace.command('replay', '--to', String(position)));
      const page = await browser.open(`http://127.0.0.1:${bot.port}/#/overview?at=${position}`);
      await page.getByRole('heading', { name: /^Was / }).waitFor();
      expect([position, await figuresShown(page)]).toEqual([position, figuresOf(metrics)]);
      for (const { symbol } of RECORDING)
        expect([position, symbol, await rowShown(page, symbol)]).toEqual([
          position,
          symbol,
          rowOf(metrics, symbol),
        ]);
      await page.close();
    }
    expect(browser.complaints.filter((complaint) => !complaint.includes('503'))).toEqual([]);
  });
});
