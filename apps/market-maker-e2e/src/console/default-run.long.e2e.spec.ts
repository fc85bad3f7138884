import { Workplace } from '../testing/market-maker-process';
import { browserOfTests } from './testing/browser';

describe('the page of the default run', () => {
  const workplace = new Workplace();
  const browser = browserOfTests();
  afterAll(() => workplace.clear());

  it('says whether it trades, and of the flash crash what happened, who was notified, and why', async () => {
    const bot = await workplace.start({ exchange: { speed: 300 } });
    await bot.answering();
    const page = await browser.open(`http://127.0.0.1:${bot.port}/`);
    const verdict = page.getByRole('status').getByRole('heading', { level: 1 });
    await verdict.getByText('Trading', { exact: true }).waitFor();
    await page.getByText('2 of 2 symbols current').waitFor();

    await verdict.getByText('Not trading: circuit breaker').waitFor();
    const reason = page
      .getByRole('status')
      .getByText(/the circuit breaker of all symbols is open \(max drawdown\)/);
    await reason.waitFor();
    await page.getByRole('link', { name: 'Why', exact: true }).click();

    const alert = page.getByRole('article', { name: 'Circuit breaker tripped: all symbols' });
    await alert.getByText(/max drawdown reached [\d,.]+ USDT \(limit 2,500 USDT\)/).waitFor();
    const notified = page.getByRole('region', { name: 'Who was notified, and why not' });
    const log = notified.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'log' }) });
    await log.getByText('attempt 1').waitFor();
    await log.getByText('accepted').waitFor();
    await log.getByRole('img', { name: /^log passed, silence not asked, / }).waitFor();
    const followed = page.getByRole('region', { name: 'What it followed from, and led to' });
    for (const type of ['circuit_breaker.tripped', 'alert.raised', 'delivery.requested'])
      await followed.getByText(type, { exact: true }).first().waitFor();

    await alert.getByRole('link', { name: 'Show that moment' }).click();
    await verdict.getByText('Was not trading: circuit breaker').waitFor();
    await page.keyboard.press('Escape');
    await verdict.getByText('Trading', { exact: true }).waitFor();
    expect(browser.complaints.filter((complaint) => !complaint.includes('503'))).toEqual([]);
  });
});
