import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, TestBrowser, accessibilityFindings } from './testing/browser';
import * as fixtures from './testing/fixtures';
import { PageServer } from './testing/page-server';

describe('the page, in a browser', () => {
  let browser: TestBrowser;
  let server: PageServer;

  beforeAll(async () => {
    browser = await TestBrowser.launch();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await browser.closePages();
    await server.close();
  });

  const open = async (
    overview = fixtures.overview(),
    view = '#/overview',
    viewport = DESKTOP,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<Page> => {
    server = new PageServer(overview);
    return browser.open((await server.listen()) + view, viewport, colorScheme);
  };
  const verdict = (page: Page) => page.getByRole('status').getByRole('heading', { level: 1 });

  it('says first that it does not trade, why, and what can be done', async () => {
    const page = await open(fixtures.notTrading());
    await verdict(page).getByText('Not trading: circuit breaker').waitFor();
    await page.getByText('reached 2,500.74 USDT (limit 2,500.00 USDT)').waitFor();
    expect(await page.title()).toBe('(6) Not trading: circuit breaker · mm-btc-1 · Overview');
    await page.getByRole('button', { name: 'Reset breaker…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reset the breaker of all symbols' });
    await dialog.getByText('5,269.83 USDT, limit 2,500.00 USDT: would trip again').waitFor();
    await dialog.getByRole('textbox', { name: 'Reason, required' }).fill('checked by hand');
    await dialog.getByRole('button', { name: 'Reset the breaker of all symbols' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(server.asked).toContainEqual({
      method: 'POST',
      path: 'breakers/global/reset',
      body: { by: 'desk', reason: 'checked by hand' },
    });
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  it('speaks of the past as past, changes nothing there, and comes back', async () => {
    const page = await open(fixtures.notTrading(), '#/overview?at=5601', PHONE, 'dark');
    await verdict(page).getByText('Was not trading: circuit breaker').waitFor();
    await page.getByText('position 5,601').first().waitFor();
    await page.getByRole('navigation', { name: 'Views' }).getByText('6 now').waitFor();
    expect(await page.title()).toMatch(/^PAST 5601 /);
    expect(await page.getByRole('button', { name: 'Reset breaker…' }).count()).toBe(0);
    expect(await accessibilityFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await verdict(page).getByText('Not trading: circuit breaker', { exact: true }).waitFor();
  });

  it('keeps texts of the log inert, and long names within their place', async () => {
    const hostile = `<img src=x onerror="document.title='owned'">`;
    const long = 'A_SYMBOL_NAME_'.repeat(18);
    const rows = [fixtures.symbol(hostile), fixtures.symbol(long)];
    const page = await open({ ...fixtures.overview(), symbols: rows, bot: hostile });
    await page.getByRole('rowheader', { name: hostile }).waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(browser.complaints).toEqual([]);
  });

  it('is unknown once the bot is silent, and goes on when it answers', async () => {
    const page = await open();
    await verdict(page).getByText('Trading', { exact: true }).waitFor();
    server.fall();
    await verdict(page).getByText('Unknown: no answer from the bot').waitFor();
    await page.getByText('Was quoting').first().waitFor();
    server.rise();
    await verdict(page).getByText('Trading', { exact: true }).waitFor();
  });

  it('groups many alerts, CRITICAL ones never', async () => {
    const page = await open(fixtures.manyAlerts(), '#/alerts');
    const list = page.getByRole('region', { name: 'Open', exact: true });
    await list.getByText('11 symbols').waitFor();
    await list.getByText('20 symbols').waitFor();
    expect(await list.getByText('CRITICAL', { exact: true }).count()).toBe(6);
  });

  it.each(['timeline/5531', 'delivery', 'alerts'])(
    'shows %s without findings, by keyboard too',
    async (view) => {
      const page = await open(fixtures.notTrading(), `#/${view}`);
      await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor();
      expect(await accessibilityFindings(page)).toEqual([]);
      await page.keyboard.press('1');
      await verdict(page).waitFor();
      expect(browser.complaints).toEqual([]);
    },
  );
});
