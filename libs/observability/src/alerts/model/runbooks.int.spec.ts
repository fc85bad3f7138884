import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_CONDITIONS } from '../rules/registry';

const FOLDER = join(__dirname, '../../../../../docs/runbooks');

describe('runbooks', () => {
  it('there is one for each condition, and none besides', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(ALERT_CONDITIONS.map((condition) => `${condition}.md`).sort());
  });

  it.each(ALERT_CONDITIONS)(
    '%s says what it means, what was done, what to check and what to do',
    (condition) => {
      const page = readFileSync(join(FOLDER, `${condition}.md`), 'utf8');
      expect(page).toContain(`\`${condition}\` · `);
      expect([...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
        'What it means',
        'What the system already did',
        'What to check',
        'What to do',
      ]);
    },
  );

  it('name only metrics that there are', () => {
    const known = readFileSync(join(FOLDER, '../metrics.md'), 'utf8');
    const pages = readdirSync(FOLDER).map((name) => readFileSync(join(FOLDER, name), 'utf8'));
    const named = new Set(pages.flatMap((page) => page.match(/market_maker_\w+/g) ?? []));
    expect([...named].filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
    expect(named.size).toBeGreaterThan(3);
  });
});
