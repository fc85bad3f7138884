import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source } from 'axe-core';
import { type BrowserContext, type Page, chromium } from 'playwright-core';

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

/** The browser of this machine. */
const EXECUTABLE = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file) => file !== '' && existsSync(file));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser with a profile of its own, and what its pages complained of. */
export class TestBrowser {
  readonly complaints: string[] = [];
  private running: { readonly context: BrowserContext; readonly profile: string } | undefined;

  async launch(): Promise<void> {
    if (EXECUTABLE === undefined)
      throw new Error(
        'These tests need Chromium: apt-get install chromium, or name one with CHROMIUM=/path.',
      );
    const profile = mkdtempSync(join(tmpdir(), 'opensqt-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: EXECUTABLE,
      headless: true,
      args: FLAGS,
      viewport: DESKTOP,
      timezoneId: 'UTC',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    this.running = { context, profile };
  }

  /** A page that reports what it complains of; requests to other hosts fail and are complaints. */
  async open(url: string, viewport = DESKTOP, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await this.context.newPage();
    page.setDefaultTimeout(60_000);
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(url).host)
        this.complaints.push(`request to ${request.url()}`);
    });
    await page.goto(url);
    return page;
  }

  /** Closes the pages, and forgets what they complained of. */
  async closePages(): Promise<void> {
    for (const page of this.context.pages().slice(1)) await page.close();
    this.complaints.length = 0;
  }

  async close(): Promise<void> {
    if (this.running === undefined) return;
    await this.context.close();
    rmSync(this.running.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private get context(): BrowserContext {
    if (this.running === undefined) throw new Error('The browser has not been started.');
    return this.running.context;
  }
}

/** A browser that starts before the tests of a `describe` and ends after them. */
export function browserOfTests(): TestBrowser {
  const browser = new TestBrowser();
  beforeAll(() => browser.launch());
  afterAll(() => browser.close());
  return browser;
}

/** The findings of axe-core on a page by WCAG A and AA, a line each. */
export async function accessibilityFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const runOnly = {
      type: 'tag',
      values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    };
    const { violations } = await axe.run({ runOnly });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}
