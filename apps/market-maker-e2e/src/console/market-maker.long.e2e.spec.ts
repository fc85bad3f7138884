import type { Page } from 'playwright-core';
import { Workplace } from '../testing/market-maker-process';
import { browserOfTests } from './testing/browser';

describe('the page of a market maker', () => {
  const workplace = new Workplace();
  const browser = browserOfTests();
  afterAll(() => workplace.clear());

  const says = (page: Page, words: string) => page.getByRole('status').getByText(words).waitFor();

  it('says whether it trades, shows the past, and is open over a kill and a restart', async () => {
    const first = await workplace.start({ exchange: { speed: 600 } });
    await first.answering();
    const fills = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';
    await first.above(fills);
    const address = `http://127.0.0.1:${first.port}/`;
    const page = await browser.open(address);
    await says(page, 'Trading');
    await page.getByRole('rowheader', { name: 'BTCUSDT' }).waitFor();

    const past = await browser.open(`${address}#/overview?at=40`);
    await says(past, 'Was trading');
    await past.getByText('You are looking at the past').waitFor();
    expect(browser.complaints.filter((complaint) => !complaint.includes('503'))).toEqual([]);

    await first.end('SIGKILL');
    await says(page, 'Unknown: no answer from the bot');
    await workplace.start({ exchange: { speed: 600 }, server: { port: first.port } });
    await says(page, 'Trading');
  });
});
