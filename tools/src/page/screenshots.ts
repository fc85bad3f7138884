import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlertDetail, Overview } from '@opensqt/observability/console-api';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { compactPng } from './compact-png';
import { PAGE_TOKEN, type PageRun, withPageRun } from './page-run';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const DRAWN_MS = 1_500;

type Scheme = 'light' | 'dark';

interface Look {
  readonly viewport?: typeof DESKTOP;
  readonly scheme?: Scheme;
}

/** Market time after which the simulated market has prices, fills and lanes to show. */
const TRADED_MS = 7_200_000;

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
      const camera = new Camera(browser, run, folder, said);
      await run.until('the bot trades', hasTraded);
      await camera.everyLook('overview-trading', 'overview');
      const { alerts } = await run.until('the breaker has tripped', hasTripped);
      await camera.everyLook('overview-not-trading', 'overview');
      const tripped = alerts.items.find(isTrip);
      const { raised } = await run.read<AlertDetail>(`alerts/${tripped?.id ?? ''}`);
      await camera.take('overview-past', `overview?at=${raised?.position ?? 1}`);
      await camera.take('alerts', `alerts/${tripped?.id ?? ''}`);
      await camera.take('timeline', `timeline/${raised?.position ?? 1}?at=${raised?.position ?? 1}`, {
        scheme: 'dark',
      });
      for (const view of await camera.views())
        if (!['overview', 'alerts', 'timeline'].includes(view)) await camera.take(view, view);
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

class Camera {
  constructor(
    private readonly browser: Browser,
    private readonly run: PageRun,
    private readonly folder: string,
    private readonly said: (name: string) => void,
  ) {}

  /** The views that the page offers. */
  async views(): Promise<readonly string[]> {
    return this.withPage('overview', {}, async (page) => {
      const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
      return (await links.evaluateAll((all: { hash: string }[]) => all.map(({ hash }) => hash))).map(
        (hash) => /^#\/(\w+)/.exec(hash)?.[1] ?? '',
      );
    });
  }

  /** By day and by night, at a desk and on a phone. */
  async everyLook(name: string, address: string): Promise<void> {
    await Promise.all(
      (['light', 'dark'] as const).flatMap((scheme) => [
        this.take(`${name}-${scheme}`, address, { scheme }),
        this.take(`${name}-phone-${scheme}`, address, { scheme, viewport: PHONE }),
      ]),
    );
  }

  async take(name: string, address: string, look: Look = {}): Promise<void> {
    await this.withPage(address, look, async (page) => {
      if (address.startsWith('overview')) await page.locator('canvas').nth(1).waitFor();
      await page.waitForTimeout(DRAWN_MS);
      await writeFile(join(this.folder, `${name}.png`), compactPng(await page.screenshot()));
    });
    this.said(name);
  }

  private async withPage<Result>(
    address: string,
    { viewport = DESKTOP, scheme = 'light' }: Look,
    work: (page: Page) => Promise<Result>,
  ): Promise<Result> {
    const context = await this.browser.newContext({ viewport, colorScheme: scheme, timezoneId: 'UTC' });
    try {
      await context.request.post(`${this.run.url}api/v1/session`, { data: { token: PAGE_TOKEN } });
      const page = await context.newPage();
      await page.goto(`${this.run.url}#/${address}`);
      await page.getByRole('main').waitFor();
      return await work(page);
    } finally {
      await context.close();
    }
  }
}
