import type { Overview } from '@opensqt/observability/console-api';
import type { Locator } from 'playwright-core';
import { DESKTOP, PHONE, accessibilityFindings } from './testing/browser';
import * as fixtures from './testing/fixtures';
import { Stage } from './testing/stage';

const LOOKS = [DESKTOP, PHONE].flatMap((viewport) =>
  (['light', 'dark'] as const).map((scheme) => ({ viewport, scheme })),
);
const named = LOOKS.map((look) => [`${look.viewport.width} pixels, ${look.scheme}`, look] as const);

const STATES: Readonly<Record<string, () => Overview>> = {
  trading: fixtures.overview,
  'not trading': fixtures.notTrading,
  'forty alerts': fixtures.manyAlerts,
  'first start': fixtures.firstStart,
};

describe('every view', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.launch();
  });
  afterAll(() => stage.close());
  afterEach(() => stage.clear());

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

  it.each(Object.keys(STATES))('has none of the overview either: %s', async (state) => {
    for (const look of LOOKS) {
      const page = await stage.open(STATES[state]?.(), '#/overview', look);
      await page.getByRole('status').getByRole('heading', { level: 1 }).waitFor();
      expect(await accessibilityFindings(page)).toEqual([]);
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
