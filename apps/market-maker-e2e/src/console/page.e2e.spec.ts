import { PHONE } from './testing/browser';
import * as fixtures from './testing/fixtures';
import { stageOfTests, verdict } from './testing/stage';

describe('the page, in a browser', () => {
  const stage = stageOfTests();

  it('says first that it does not trade, why, and what can be done', async () => {
    const page = await stage.open(fixtures.notTrading());
    await verdict(page).getByText('Not trading: circuit breaker').waitFor();
    await page.getByText('reached 2,500.74 USDT (limit 2,500.00 USDT)').waitFor();
    expect(await page.title()).toBe('(6) Not trading: circuit breaker · mm-btc-1 · Overview');
    await page.getByRole('button', { name: 'Reset breaker…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reset the breaker of all symbols' });
    await dialog.getByText('5,269.83 USDT (limit 2,500 USDT): would trip again').waitFor();
    await dialog.getByRole('textbox', { name: 'Reason, required' }).fill('checked by hand');
    await dialog.getByRole('button', { name: 'Reset the breaker of all symbols' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(stage.server.asked).toContainEqual({
      method: 'POST',
      path: 'breakers/global/reset',
      body: { by: 'desk', reason: 'checked by hand' },
    });
    expect(stage.browser.complaints).toEqual([]);
  });

  it('speaks of the past as past, changes nothing there, and comes back', async () => {
    const page = await stage.open(fixtures.notTrading(), '#/overview?at=5601', {
      viewport: PHONE,
      scheme: 'dark',
    });
    await verdict(page).getByText('Was not trading: circuit breaker').waitFor();
    await page.getByText('position 5,601').first().waitFor();
    await page.getByRole('navigation', { name: 'Views' }).getByText('6 now').waitFor();
    expect(await page.title()).toMatch(/^PAST 5601 /);
    expect(await page.getByRole('button', { name: 'Reset breaker…' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await verdict(page).getByText('Not trading: circuit breaker', { exact: true }).waitFor();
  });

  it('keeps texts of the log inert, and long names within their place', async () => {
    const hostile = `<img src=x onerror="document.title='owned'">`;
    const long = 'A_SYMBOL_NAME_'.repeat(18);
    const rows = [fixtures.symbol(hostile), fixtures.symbol(long)];
    const page = await stage.open({ ...fixtures.overview(), symbols: rows, bot: hostile });
    await page.getByRole('rowheader', { name: hostile }).waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(stage.browser.complaints).toEqual([]);
  });

  it('is unknown once the bot is silent, and goes on when it answers', async () => {
    const page = await stage.open();
    await verdict(page).getByText('Trading', { exact: true }).waitFor();
    stage.server.fall();
    await verdict(page).getByText('Unknown: no answer from the bot').waitFor();
    await page.getByText('Was quoting').first().waitFor();
    stage.server.rise();
    await verdict(page).getByText('Trading', { exact: true }).waitFor();
  });

  it('groups many alerts, CRITICAL ones never', async () => {
    const page = await stage.open(fixtures.manyAlerts(), '#/alerts');
    const list = page.getByRole('region', { name: 'Open', exact: true });
    await list.getByText('11 symbols').waitFor();
    await list.getByText('20 symbols').waitFor();
    expect(await list.getByText('CRITICAL', { exact: true }).count()).toBe(6);
  });

  it('says while it connects, and while the log is replayed, that nothing is known yet', async () => {
    const connecting = await stage.open(null);
    await verdict(connecting).getByText('Unknown: connecting to the bot').waitFor();
    await connecting.getByRole('heading', { name: 'Symbols' }).waitFor();
    await stage.clear();
    const page = await stage.open({ ...fixtures.overview(), replaying: 3_506 });
    await page.getByText('replaying, 3,506 of 5,655 records').waitFor();
  });

  it('has a sentence in place of what there is not yet, and never a zero', async () => {
    const page = await stage.open(fixtures.firstStart());
    await verdict(page).getByText('Unknown: no price received yet').waitFor();
    for (const words of ['None open.', 'No symbol is traded here.', 'No fill yet.'])
      await page.getByText(words, { exact: true }).waitFor();
    const figures = page.locator('.figures');
    expect(await figures.getByText('no fill yet', { exact: true }).count()).toBe(4);
    expect(await figures.getByText('not measured yet').count()).toBe(2);
    expect(await figures.locator('.v', { hasText: /^0(\.0+)?( |$)/ }).count()).toBe(0);
  });

  it('says of a symbol alone that its price is too old', async () => {
    const rows = [fixtures.symbol('BTCUSDT'), fixtures.symbol('ETHUSDT', { priceStale: true })];
    const page = await stage.open({ ...fixtures.overview(), symbols: rows });
    await page.getByText('1 of 2 symbols current').waitFor();
    expect(await page.getByText('its price is too old').count()).toBe(1);
  });

  it('changes nothing while the bot is silent', async () => {
    const page = await stage.open(fixtures.notTrading());
    const reset = page.getByRole('button', { name: 'Reset breaker…' });
    await reset.waitFor();
    stage.server.fall();
    await verdict(page).getByText('Unknown: no answer from the bot').waitFor();
    expect(await reset.count()).toBe(0);
    expect(await page.title()).toContain('Unknown: no answer');
    expect(await page.locator('body.stale').count()).toBe(1);
  });

  it.each(['alerts', 'timeline/5531', 'delivery'])('keeps hostile texts inert in %s', async (view) => {
    const hostile = `<img src=x onerror="document.title='owned'">`;
    const alert = fixtures.openAlert('1', { subject: hostile, title: hostile, labels: { scope: hostile } });
    const overview = fixtures.overview();
    const page = await stage.open(
      { ...overview, alerts: { open: 1, worst: 'CRITICAL', items: [alert] } },
      `#/${view}`,
    );
    await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    expect(stage.browser.complaints).toEqual([]);
  });
});
