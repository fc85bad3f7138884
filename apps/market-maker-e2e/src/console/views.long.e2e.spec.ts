import type { Overview } from '@opensqt/observability/console-api';
import type { Locator } from 'playwright-core';
import { DESKTOP, PHONE, accessibilityFindings } from './testing/browser';
import * as fixtures from './testing/fixtures';
import { stageOfTests, verdict } from './testing/stage';

const LOOKS = [DESKTOP, PHONE].flatMap((viewport) =>
  (['light', 'dark'] as const).map((scheme) => ({ viewport, scheme })),
);
const named = LOOKS.map((look) => [`${look.viewport.width} pixels, ${look.scheme}`, look] as const);

interface State {
  /** Null: the bot has not said anything yet. */
  readonly overview: Overview | null;
  readonly view?: string;
  readonly isSilent?: boolean;
  /** The verdict. */
  readonly says: string | RegExp;
}

const LONG = 'A_SYMBOL_NAME_'.repeat(18);
const trading = { overview: fixtures.overview(), says: 'Trading' };
const halted = { overview: fixtures.notTrading(), says: 'Not trading: circuit breaker' };
const longNames: Overview = {
  ...fixtures.overview(),
  bot: LONG,
  symbols: [fixtures.symbol(LONG)],
  alerts: {
    open: 1,
    worst: 'CRITICAL',
    items: [fixtures.openAlert('1', { subject: LONG, title: LONG, labels: { scope: LONG } })],
  },
};
const stale = {
  ...fixtures.overview(),
  symbols: [fixtures.symbol('BTCUSDT'), fixtures.symbol('ETHUSDT', { priceStale: true })],
};

const STATES: Readonly<Record<string, State>> = {
  trading,
  'not trading': halted,
  'forty alerts': { overview: fixtures.manyAlerts(), says: /./ },
  'forty alerts in their list': { overview: fixtures.manyAlerts(), view: '#/alerts', says: '' },
  'first start': { overview: fixtures.firstStart(), says: 'Unknown: no price received yet' },
  connecting: { overview: null, says: 'Unknown: connecting to the bot' },
  'a price that is too old': { ...trading, overview: stale },
  disconnected: { ...trading, isSilent: true, says: 'Unknown: no answer from the bot' },
  'disconnected while it was halted': { ...halted, isSilent: true, says: 'Unknown: no answer from the bot' },
  past: { ...halted, view: '#/overview?at=5601', says: 'Was not trading: circuit breaker' },
  'long names': { ...trading, overview: longNames },
  'long names of alerts': { overview: longNames, view: '#/alerts', says: '' },
};

describe('every view', () => {
  const stage = stageOfTests();

  it.each(named)('has no finding of axe at AA, and no error: %s', async (_name, look) => {
    const page = await stage.open(fixtures.notTrading(), '#/overview', look);
    const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
    await links.first().waitFor();
    for (const hash of [
      '#/alerts/50b9abf60000',
      '#/timeline/5531',
      '#/overview?at=5601',
      ...(await hashesOf(links)),
    ]) {
      await page.goto(new URL(hash, page.url()).href);
      await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor();
      expect([hash, await accessibilityFindings(page)]).toEqual([hash, []]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
    expect(stage.browser.complaints).toEqual([]);
  });

  it.each(Object.entries(STATES))('has none in this state either: %s', async (_, state) => {
    const { overview, view = '#/overview', isSilent = false, says } = state;
    for (const look of LOOKS) {
      const page = await stage.open(overview, view, look);
      if (isSilent) {
        await page.getByRole('rowheader').first().waitFor();
        stage.server.fall();
      }
      if (says === '') await page.getByRole('region', { name: 'Open', exact: true }).waitFor();
      else await verdict(page).getByText(says).first().waitFor();
      expect(await accessibilityFindings(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await stage.clear();
    }
  });

  it('is reached by its key', async () => {
    const page = await stage.open();
    const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
    await links.first().waitFor();
    const hashes = await hashesOf(links);
    for (const [index, hash] of hashes.entries()) {
      await page.keyboard.press(String(index + 1));
      await page.waitForURL((url) => url.hash === hash);
    }
  });
});

const hashesOf = (links: Locator): Promise<readonly string[]> =>
  links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
