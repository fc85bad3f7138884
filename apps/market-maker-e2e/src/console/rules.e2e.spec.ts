import { DESKTOP, PHONE, accessibilityFindings } from './testing/browser';
import * as fixtures from './testing/fixtures';
import { stageOfTests } from './testing/stage';

describe('the view of rules, in a browser', () => {
  const stage = stageOfTests();

  it.each([
    ['desktop', DESKTOP, 'light'],
    ['phone', PHONE, 'dark'],
  ] as const)('tries changed rules over the log, and gives the YAML (%s)', async (_, viewport, scheme) => {
    const page = await stage.open(fixtures.overview(), '#/rules', { viewport, scheme });
    const run = page.getByRole('button', { name: 'Run', exact: true });
    expect(await run.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'large_execution.threshold' }).fill('11000');
    await page.getByRole('textbox', { name: 'large_execution.threshold (now 10000)' }).waitFor();
    await page.getByRole('combobox', { name: 'slack.min_level' }).selectOption('WARNING');
    await page.getByRole('textbox', { name: 'daily_loss.limit' }).fill('500');
    await page.getByRole('combobox', { name: 'Run over' }).selectOption('its last day');
    await run.click();
    const differences = page.getByRole('region', { name: 'Would have been different' });
    await differences.getByText('nothing was sent · took 300 ms').waitFor();
    await differences.getByRole('row', { name: '2026-01-01 1 14 0 1 92' }).waitFor();
    await differences.getByRole('rowheader', { name: '▼ quieter alert' }).waitFor();
    await differences.getByText('And 3 further differences.').waitFor();
    expect(stage.server.asked).toEqual([
      {
        method: 'POST',
        path: 'rules/runs',
        body: {
          alerts: {
            large_execution: { threshold: '11000' },
            daily_loss: { limit: '500' },
            slack: { min_level: 'WARNING' },
          },
          from: fixtures.NOW - 86_400_000,
        },
      },
    ]);
    const yaml = page.getByRole('region', { name: 'YAML' });
    await yaml.getByText('+     threshold: "11000"').waitFor();
    await yaml.getByText('+     min_level: WARNING').waitFor();
    await yaml.getByRole('button', { name: 'Copy the YAML' }).waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(stage.browser.complaints).toEqual([]);
  });

  it('is reached by its key, and shows what the bot refuses', async () => {
    const page = await stage.open(fixtures.overview(), '');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('5');
    await page.getByRole('textbox', { name: 'burst' }).fill('0');
    stage.server.refusal = 'alerts.burst: found 0; allowed: a whole number from 1 up to 1000.';
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('alert').getByText(stage.server.refusal).waitFor();
  });
});
