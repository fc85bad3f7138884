import type { EventsPage, RecordView, Timeline } from '@opensqt/observability/console-api';
import { eventually } from '@opensqt/trading-events/testing';
import type { Page } from 'playwright-core';
import { browserOfTests } from './testing/browser';
import { HaltedBot } from './testing/halted-bot';

/** Records that the Timeline lists at once. */
const ROWS = 50;

type Filter = readonly [choose: () => Promise<unknown>, is: (record: RecordView) => boolean];

describe('the log of a bot, gone through on the page', () => {
  const browser = browserOfTests();
  let bot: HaltedBot;
  let page: Page;
  beforeAll(async () => {
    bot = await HaltedBot.start();
    page = await browser.open(bot.url);
  });
  afterAll(() => bot.close());
  // Moments that are asked for faster than they are read are refused with 503, and asked for again.
  afterEach(() => expect(browser.complaints.filter((one) => !one.includes('503'))).toEqual([]));

  const go = (hash: string) => page.goto(new URL(hash, bot.url).href);
  const at = () => Number(new URL(page.url()).hash.replace(/.*[?&]at=/, ''));
  const toReach = (position: number) => page.waitForURL((url) => url.hash.endsWith(`at=${position}`));
  const was = (words: string) => page.getByRole('status').getByText(words, { exact: true }).waitFor();
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('steps, slides, jumps from alert to alert, plays, and comes back to now', async () => {
    const { alerts } = await bot.read<Timeline>('timeline');
    const [first = 0, second = 0] = alerts;
    const [tripped] = await bot.records('circuit_breaker.tripped');
    const trip = tripped?.position ?? 0;
    await go(`#/timeline?at=${trip - 1}`);
    await was('Was trading');
    await button('One record on').click();
    await toReach(trip);
    await was('Was not trading: circuit breaker');
    await button('One record back').click();
    await toReach(trip - 1);
    await page.getByRole('slider', { name: /^Position in the log/ }).fill(String(trip + 1));
    await toReach(trip + 1);
    await was('Was not trading: circuit breaker');

    await go('#/timeline?at=1');
    await button('Next alert').click();
    await toReach(first);
    await page.keyboard.press('Shift+ArrowRight');
    await toReach(second);
    await button('Previous alert').click();
    await toReach(first);

    await page.getByRole('combobox', { name: 'Speed' }).selectOption('300 × market time');
    await go('#/timeline?at=1');
    await button('Play').click();
    await eventually(() => expect(at()).toBeGreaterThan(trip));
    await was('Was not trading: circuit breaker');
    await button('Pause').click();
    await button('Play').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.hash.includes('at='));
  });

  it('does nothing at single keys while they are switched off', async () => {
    await go('#/timeline?at=20');
    const keys = page.getByRole('checkbox', { name: 'Single keys' });
    await keys.uncheck();
    await keys.blur();
    for (const key of ['2', 'ArrowRight', 'Home', '/']) await page.keyboard.press(key);
    expect(new URL(page.url()).hash).toBe('#/timeline?at=20');
    await page.reload();
    await keys.waitFor();
    expect(await keys.isChecked()).toBe(false);
    await keys.check();
    await keys.blur();
    await page.keyboard.press('ArrowRight');
    await toReach(21);
    await page.keyboard.press('2');
    await page.waitForURL((url) => url.hash.startsWith('#/alerts'));
  });

  it('filters by type, symbol, bot and alert, as the log has it', async () => {
    const to = '2024-03-14 00:02:15';
    const [last] = (await bot.read<EventsPage>(`events?limit=1&to=${Date.parse(`${to}Z`)}`)).records;
    const records = (await bot.records()).filter(({ position }) => position <= (last?.position ?? 0));
    const raised = records.find(({ type, symbol }) => type === 'alert.raised' && symbol === 'AAAEUR');
    const id = String(raised?.data['alertId']);
    const choose = (label: string, value: string) =>
      page.getByRole('combobox', { name: label }).selectOption(value);
    const filters: readonly Filter[] = [
      [() => choose('Type', 'fills'), ({ type }) => type === 'order.filled'],
      [() => choose('Symbol', 'BBBEUR'), ({ symbol }) => symbol === 'BBBEUR'],
      [() => choose('Bot', 'another'), (record) => record.bot === 'another'],
      [
        () => page.getByRole('textbox', { name: 'Alert' }).fill(id.slice(0, 8)),
        ({ data }) => data['alertId'] === id,
      ],
    ];
    for (const [filter, is] of filters) {
      await go(`#/timeline?to=${encodeURIComponent(to)}`);
      await filter();
      const expected = records.filter(is).slice(-ROWS);
      expect(expected.length).toBeGreaterThan(0);
      await eventually(async () =>
        expect(await rowsOf(page)).toEqual(expected.map(({ position }) => position)),
      );
    }
  });

  it('filters by time', async () => {
    await go('#/timeline');
    await page.getByRole('textbox', { name: 'From, UTC' }).fill('2024-03-14 00:01:00');
    await page.getByRole('textbox', { name: 'To, UTC' }).fill('2024-03-14 00:01:09');
    const [from, to] = [Date.UTC(2024, 2, 14, 0, 1), Date.UTC(2024, 2, 14, 0, 1, 9)];
    const records = await bot.records();
    // Where two streams meet, times are not quite in the order of positions.
    const within = (ms: number) =>
      records.filter(({ at: time }) => time >= from - ms && time <= to + ms).map(({ position }) => position);
    await eventually(async () => {
      const rows = await rowsOf(page);
      expect(rows.length).toBeGreaterThan(0);
      expect(within(2_000)).toEqual(expect.arrayContaining([...rows]));
      expect(rows).toEqual(expect.arrayContaining(within(-2_000)));
    });
  });

  it('decides on the log again under other rules, and copies their YAML', async () => {
    await go('#/rules');
    await page.getByRole('combobox', { name: 'slack.min_level' }).selectOption('ERROR');
    await page.getByRole('textbox', { name: 'large_execution.threshold' }).fill('1000');
    await button('Run').click();
    const differences = page.getByRole('region', { name: 'Would have been different', exact: true });
    await differences.getByText(/nothing was sent/).waitFor();
    const fills = (await bot.records('order.filled')).filter(
      ({ data }) => Number(data['price']) * Number(data['quantity']) >= 1_000,
    );
    expect(fills.length).toBeGreaterThan(0);
    const raised = differences.getByRole('row').filter({ hasText: /^\+ new alert.*Large execution/ });
    expect(await raised.count()).toBe(fills.length);
    await button('Copy the YAML').click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      'alerts:\n  large_execution:\n    threshold: "1000"\n  slack:\n    min_level: ERROR\n',
    );
    expect(await bot.records('alert.raised')).toHaveLength(4);
  });
});

/** The positions that the Timeline lists. */
async function rowsOf(page: Page): Promise<readonly number[]> {
  const links = page.getByRole('region', { name: 'Log, table' }).getByRole('row').getByRole('link');
  return (await links.allInnerTexts()).map((text) => Number(text.replace(',', '')));
}
