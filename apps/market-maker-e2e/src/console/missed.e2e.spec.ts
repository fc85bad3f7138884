import { DESKTOP, PHONE, accessibilityFindings } from './testing/browser';
import * as fixtures from './testing/fixtures';
import { stageOfTests } from './testing/stage';

describe('the view of what was missed, in a browser', () => {
  const stage = stageOfTests();

  it.each([
    ['desktop', DESKTOP, 'dark'],
    ['phone', PHONE, 'light'],
  ] as const)('shows incidents with a post-mortem to take along (%s)', async (_, viewport, scheme) => {
    const page = await stage.open(fixtures.overview(), '#/missed', { viewport, scheme });
    await page.getByRole('heading', { level: 1, name: 'Since the log began' }).waitFor();
    await page.getByText('2 incidents, not trading for 4 min. 1 alert open now.').waitFor();
    await page.getByText('−606.28').waitFor();
    const incident = page.getByRole('region', { name: 'Incident 2026-01-01 03:19:59 to 03:24:09' });
    await incident.getByText('Circuit breaker tripped: all symbols. <img src=x>').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    const postMortem = page.getByRole('region', { name: 'Post-mortem' });
    await postMortem.getByRole('button', { name: 'Copy the Markdown' }).waitFor();
    const downloading = page.waitForEvent('download');
    await postMortem.getByRole('link', { name: 'Download' }).click();
    expect((await downloading).suggestedFilename()).toBe('incident-2026-01-01-0319.md');
    await incident.getByRole('button', { name: 'Mark as planned…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Mark as planned' });
    await dialog.getByRole('textbox', { name: 'Reason, required' }).fill('a drill');
    await dialog.getByRole('button', { name: 'Mark it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(stage.server.asked).toEqual([
      {
        method: 'POST',
        path: 'missed/planned',
        body: { from: fixtures.NOW - 251_000, to: fixtures.NOW - 1_000, reason: 'a drill', by: 'desk' },
      },
    ]);
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page
      .getByRole('region', { name: 'Incidents' })
      .getByRole('link', { name: /goes on/ })
      .click();
    const other = page.getByRole('region', { name: /^Incident since / });
    await other.getByText('Planned, says desk: venue maintenance').waitFor();
    expect(stage.browser.complaints).toEqual([]);
  });

  it('begins where this browser was the last time, over a reload too, or at a time', async () => {
    const page = await stage.open(fixtures.overview(), '');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate("sessionStorage.clear(); localStorage.setItem('opensqt.seen', '5426')");
    await page.reload();
    await page.keyboard.press('6');
    const visit = page.getByRole('heading', { level: 1, name: 'Since your last visit, 3 h 20 min ago' });
    await visit.waitFor();
    await page.evaluate("localStorage.setItem('opensqt.seen', '6000')");
    await page.reload();
    await visit.waitFor();
    await page.getByRole('textbox', { name: 'Since, UTC' }).fill('2026-01-01 03:00');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('heading', { level: 1, name: 'Since 2026-01-01 03:00 UTC' }).waitFor();
    expect(page.url()).toContain('#/missed?since=2026-01-01+03%3A00');
  });
});
