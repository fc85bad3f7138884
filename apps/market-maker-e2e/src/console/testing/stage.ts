import type { Overview } from '@opensqt/observability/console-api';
import type { Locator, Page } from 'playwright-core';
import { DESKTOP, type TestBrowser, browserOfTests } from './browser';
import * as fixtures from './fixtures';
import { PageServer } from './page-server';

/** The size and the colours that a page is looked at with. */
export interface Look {
  readonly viewport?: typeof DESKTOP;
  readonly scheme?: 'light' | 'dark';
}

/** A browser, and one page at a time that is served in a state of the test's choice. */
export class Stage {
  private current: PageServer | undefined;

  constructor(readonly browser: TestBrowser) {}

  get server(): PageServer {
    if (this.current === undefined) throw new Error('No page is open.');
    return this.current;
  }

  /** @param overview null: the bot has not said anything yet */
  async open(
    overview: Overview | null = fixtures.overview(),
    view = '#/overview',
    { viewport = DESKTOP, scheme = 'light' }: Look = {},
  ): Promise<Page> {
    this.current = new PageServer(overview);
    return this.browser.open((await this.current.listen()) + view, viewport, scheme);
  }

  /** Closes what is open, for the next page. */
  async clear(): Promise<void> {
    await this.browser.closePages();
    await this.current?.close();
    this.current = undefined;
  }
}

/** A stage for the tests of a `describe`, cleared after each. */
export function stageOfTests(): Stage {
  const stage = new Stage(browserOfTests());
  afterEach(() => stage.clear());
  return stage;
}

export const verdict = (page: Page): Locator => page.getByRole('status').getByRole('heading', { level: 1 });
