import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AlertDetail, Overview } from '@opensqt/observability/console-api';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { compactPng } from './compact-png';
import { PAGE_TOKEN, type PageRun, withPageRun } from './page-run';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** Until plots that came are drawn. */
const DRAWN_MS = 1_500;
/** Market time after which the simulated market has prices, fills and lanes to show. */
const TRADED_MS = 7_200_000;

interface Look {
  readonly viewport?: typeof DESKTOP;
  readonly scheme?: 'light' | 'dark';
}

const LOOKS: Readonly<Record<string, Look>> = {
  light: {},
  dark: { scheme: 'dark' },
  'phone-light': { viewport: PHONE },
  'phone-dark': { viewport: PHONE, scheme: 'dark' },
};
const OWN_ADDRESS = ['overview', 'alerts', 'timeline'];

/**
 * Takes pictures of the page of the default run in each of its states.
 *
 * @param folder where they are put, as PNG
 * @param said is told the name of each
 */
export async function takeScreenshots(folder: string, said: (name: string) => void): Promise<void> {
  const browser = await launchBrowser();
  try {
    await withPageRun({}, async (run) => {
      const take = async (name: string, page: Page): Promise<void> => {
        await writeFile(join(folder, `${name}.png`), compactPng(await page.screenshot()));
        said(name);
      };
      await run.until('the bot trades', hasTraded);
      // Open before the crash: the breaker resets itself after a few seconds of the run.
      const overviews = await Promise.all(
        Object.entries(LOOKS).map(
          async ([name, look]) => [name, await open(browser, run, 'overview', look)] as const,
        ),
      );
      for (const [name, page] of overviews) await take(`overview-trading-${name}`, page);
      const { alerts } = await run.until('the breaker has tripped', hasTripped);
      await delay(DRAWN_MS * 2);
      for (const [name, page] of overviews) await take(`overview-not-trading-${name}`, page);
      const tripped = alerts.items.find(isTrip)?.id ?? '';
      const { raised } = await run.read<AlertDetail>(`alerts/${tripped}`);
      const position = raised?.position ?? 1;
      const once = async (name: string, address: string, look?: Look): Promise<void> =>
        take(name, await open(browser, run, address, look));
      await once('alerts', `alerts/${tripped}`);
      await once('overview-past', `overview?at=${position}`);
      await once('timeline', `timeline/${position}?at=${position}`, { scheme: 'dark' });
      for (const view of await viewsOf(overviews[0]?.[1]))
        if (!OWN_ADDRESS.includes(view)) await once(view, view);
    });
  } finally {
    await browser.close();
  }
}

const isTrip = ({ condition }: Overview['alerts']['items'][number]) => condition === 'circuit_breaker_trip';
const hasTripped = ({ verdict, alerts }: Overview) =>
  verdict.verdict === 'not_trading' && alerts.items.some(isTrip);
const hasTraded = ({ verdict, profit, time }: Overview) =>
  verdict.verdict === 'trading' && profit.since !== null && (time ?? 0) - profit.since.at > TRADED_MS;

/** The views that the page offers. */
async function viewsOf(page: Page | undefined): Promise<readonly string[]> {
  const links = page?.getByRole('navigation', { name: 'Views' }).getByRole('link');
  const addresses = (await links?.evaluateAll((all) => all.map((link) => link.getAttribute('href')))) ?? [];
  return addresses.map((address) => /^#\/(\w+)/.exec(address ?? '')?.[1] ?? '');
}

/** Opens the page, and waits until everything is there. */
async function open(
  browser: Browser,
  { url }: PageRun,
  address: string,
  { viewport = DESKTOP, scheme = 'light' }: Look = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme: scheme, timezoneId: 'UTC' });
  await context.request.post(`${url}api/v1/session`, { data: { token: PAGE_TOKEN } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${url}#/${address}`);
  await page.getByRole('main').getByRole('heading').first().waitFor({ state: 'attached' });
  await page.getByText('Reading it …').first().waitFor({ state: 'hidden' });
  if (address.startsWith('overview')) await page.locator('canvas').nth(1).waitFor();
  await page.waitForTimeout(DRAWN_MS);
  return page;
}
