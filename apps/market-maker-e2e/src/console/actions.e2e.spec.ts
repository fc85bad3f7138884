import type { BreakerView, DeliveryView, OpenAlertView, Overview } from '@opensqt/observability/console-api';
import type { DataOf } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import type { Locator, Page } from 'playwright-core';
import { browserOfTests } from './testing/browser';
import { HaltedBot, TOKEN } from './testing/halted-bot';

describe('what an operator does on the page is done by the bot', () => {
  const browser = browserOfTests();
  let bot: HaltedBot;
  let page: Page;
  beforeAll(async () => {
    bot = await HaltedBot.start();
    page = await browser.open(bot.url);
    await page.getByRole('button', { name: 'Reset breaker… (needs the token)' }).click();
    const dialog = page.getByRole('dialog', { name: 'Token' });
    await dialog.getByLabel('Token', { exact: true }).fill(TOKEN);
    await submit(dialog, 'Use it');
    await page.getByRole('button', { name: 'End the session of desk' }).waitFor();
  });
  afterAll(() => bot.close());
  afterEach(() => expect(browser.complaints).toEqual([]));

  const openAlerts = async () => (await bot.read<Overview>('overview')).alerts.items;
  const alertOf = async (is: (alert: OpenAlertView) => boolean): Promise<OpenAlertView> => {
    const found = (await openAlerts()).find(is);
    if (found === undefined) throw new Error('No such alert is open.');
    return found;
  };
  const go = (hash: string) => page.goto(new URL(hash, bot.url).href);
  /** Opens an alert from the list; gives its page. */
  const open = async ({ title, subject }: OpenAlertView): Promise<Locator> => {
    await go('#/alerts');
    const list = page.getByRole('region', { name: 'Open', exact: true });
    await list
      .getByRole('link', { name: new RegExp(subject, 'i') })
      .first()
      .click();
    const article = page.getByRole('article', { name: title });
    await article.waitFor();
    return article;
  };
  const dataOf = async (type: Parameters<HaltedBot['records']>[0]) =>
    (await bot.records(type)).map(({ data }) => data);

  it('acknowledges, by a button and by a key', async () => {
    const alerts = (await openAlerts()).filter(({ subject }) => /^...EUR$/.test(subject));
    for (const [index, alert] of alerts.entries()) {
      const article = await open(alert);
      if (index === 0) await article.getByRole('button', { name: 'Acknowledge' }).click();
      else await page.keyboard.press('a');
      await article.getByRole('button', { name: 'Acknowledged' }).waitFor();
      await article.getByText('by desk').waitFor();
    }
    expect(alerts).toHaveLength(2);
    expect(await dataOf('alert.acknowledged')).toMatchObject(
      alerts.map(({ id }) => ({ alertId: id, by: 'desk' })),
    );
  });

  it('silences what its preview says, and ends the silence', async () => {
    const alert = await alertOf(({ subject }) => subject === 'AAAEUR');
    const article = await open(alert);
    await article.getByRole('button', { name: 'Silence…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Silence' });
    await dialog.getByText('Would hold 1 open alert (AAAEUR').waitFor();
    await dialog.getByRole('textbox', { name: 'Matchers' }).fill('condition=circuit_breaker_trip');
    await dialog.getByText('Would hold 3 open alerts (').waitFor();
    const { length: raised } = await bot.records('alert.raised');
    await dialog.getByText(`have held 3 of the ${raised} raised in the last 7 days`).waitFor();
    await dialog.getByRole('textbox', { name: 'Reason, required' }).fill('a drill');
    await dialog.getByRole('textbox', { name: 'For' }).fill('8h');
    await submit(dialog, 'Silence for 8 h');
    await article.getByText('Silenced').waitFor();
    expect(await dataOf('silence.created')).toMatchObject([
      { matchers: ['condition=circuit_breaker_trip'], by: 'desk', reason: 'a drill' },
    ]);
    expect((await openAlerts()).filter(({ silencedUntil }) => silencedUntil !== null)).toHaveLength(3);

    await go('#/delivery');
    await page.getByRole('region', { name: 'Silences' }).getByRole('button', { name: 'End…' }).click();
    await submit(page.getByRole('dialog', { name: 'End the silence' }), 'End it');
    await page.getByText('None is in force.').waitFor();
    expect(await dataOf('silence.expired')).toMatchObject([{ by: 'desk' }]);
    expect((await openAlerts()).filter(({ silencedUntil }) => silencedUntil !== null)).toEqual([]);
  });

  it('resolves', async () => {
    const alert = await alertOf(({ condition }) => condition === 'channel_broken');
    const article = await open(alert);
    await article.getByRole('button', { name: 'Resolve…' }).click();
    const dialog = page.getByRole('dialog', { name: `Resolve: ${alert.title}` });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('the webhook is back');
    await submit(dialog, 'Resolve');
    await page
      .getByRole('region', { name: 'Past' })
      .getByRole('link', { name: /discord/ })
      .waitFor();
    expect(await dataOf('alert.resolved')).toMatchObject([
      { alertId: alert.id, reason: 'resolved by desk: the webhook is back' },
    ]);
  });

  it('resets a breaker, asking with the value against the limit', async () => {
    const article = await open(await alertOf(({ subject }) => subject === 'all symbols'));
    await article.getByRole('button', { name: 'Reset breaker…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reset the breaker of all symbols' });
    const note = dialog.getByText(
      /^Tripped on max drawdown\. Now [\d.,]+ EUR \(limit 200 EUR\): would trip again\./,
    );
    const [, shown] = /Now ([\d.,]+) EUR/.exec(await note.innerText()) ?? [];
    const sampled = (await bot.records('risk.sampled')).flatMap(({ data }) => {
      const { limits } = data as DataOf<'risk.sampled'>;
      return limits['max_drawdown'] === undefined ? [] : [Number(limits['max_drawdown'].value).toFixed(2)];
    });
    expect(sampled).toContain(Number(shown?.replace(',', '')).toFixed(2));
    await dialog.getByRole('combobox', { name: 'Breaker' }).selectOption('BBBEUR');
    const other = page.getByRole('dialog', { name: 'Reset the breaker of BBBEUR' });
    await other.getByText(/Now [\d.]+ % \(limit 3 %\): within the limit\./).waitFor();
    await other.getByRole('textbox', { name: 'Reason, required' }).fill('a bad print');
    await submit(other, 'Reset the breaker of BBBEUR');
    await eventually(async () =>
      expect(await dataOf('circuit_breaker.reset')).toMatchObject([
        { scope: 'BBBEUR', by: 'desk', reason: 'a bad print' },
      ]),
    );
    expect((await bot.read<readonly BreakerView[]>('breakers')).map(({ scope }) => scope)).toEqual([
      'global',
      'AAAEUR',
    ]);
  });

  it('tests a channel, and sends again what was given up', async () => {
    await go('#/delivery');
    const channels = page.getByRole('region', { name: 'Channels', exact: true });
    await channels.getByRole('button', { name: 'Test slack' }).click();
    await channels.getByText('Test of slack: the provider accepted the message').waitFor();
    await channels.getByRole('button', { name: 'Test discord' }).click();
    await channels.getByText('Test of discord: broken').waitFor();
    expect(await dataOf('channel.tested')).toMatchObject([
      { channel: 'slack', delivered: true, by: 'desk' },
      { channel: 'discord', delivered: false, by: 'desk' },
    ]);
    expect(bot.accepted.filter(({ text }) => /test/i.test(text))).toMatchObject([{ channel: 'slack' }]);

    bot.discordAccepts = true;
    const { deadLetters } = await bot.read<DeliveryView>('channels');
    const [letter] = deadLetters.filter(({ title }) => title.includes('AAAEUR'));
    const time = new Date(letter?.requestedWall ?? 0).toISOString().slice(11, 19);
    const letters = page.getByRole('region', { name: 'Dead letters', exact: true });
    await letters.getByRole('checkbox', { name: `Choose ${letter?.title} for discord, ${time}` }).check();
    await letters.getByRole('button', { name: 'Send again…' }).click();
    await submit(page.getByRole('dialog', { name: 'Send 1 message again' }), 'Send again');
    await eventually(() =>
      expect(bot.accepted).toContainEqual({ channel: 'discord', text: expect.stringContaining('AAAEUR') }),
    );
    const requested = await bot.records('delivery.requested');
    expect(requested.at(-1)?.data).toMatchObject({ alertId: letter?.alertId, channel: 'discord' });
  });

  it('marks an incident as planned, and copies its post-mortem', async () => {
    await go('#/missed');
    await page.getByRole('button', { name: 'Copy the Markdown' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain(
      'Circuit breaker tripped: all symbols',
    );
    await page.getByRole('button', { name: 'Mark as planned…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Mark as planned' });
    await dialog.getByRole('textbox', { name: 'Reason, required' }).fill('a drill');
    await submit(dialog, 'Mark it');
    await page.getByText('Planned, says desk: a drill record').waitFor();
    const [tripped] = await bot.records('circuit_breaker.tripped');
    expect(await dataOf('incident.planned')).toMatchObject([
      { from: tripped?.at, by: 'desk', reason: 'a drill' },
    ]);
  });
});

/** Does what a dialog asks about; it closes when the bot has accepted that. */
async function submit(dialog: Locator, does: string): Promise<void> {
  await dialog.getByRole('button', { name: does, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
