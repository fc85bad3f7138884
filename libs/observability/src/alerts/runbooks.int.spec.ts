import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL_BROKEN } from './channel-breakage';
import { EVENT_LOG_CONDITIONS } from './event-log-conditions';
import { DIGEST } from './group';
import { ALERT_RULES } from './rules/alert-rules';

const FOLDER = join(__dirname, '../../../../docs/runbooks');

/** Raised by the market maker itself. */
const OF_THE_APPLICATION = ['trading_ended'];

const conditions = [
  ...ALERT_RULES.map(({ condition }) => condition),
  ...EVENT_LOG_CONDITIONS.map(({ name }) => name),
  CHANNEL_BROKEN,
  DIGEST,
  ...OF_THE_APPLICATION,
];

describe('runbooks', () => {
  it('there is one for each condition, and none besides', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(conditions.map((condition) => `${condition}.md`).sort());
  });

  it.each(conditions)('%s says what it means, what was done, what to check and what to do', (condition) => {
    const page = readFileSync(join(FOLDER, `${condition}.md`), 'utf8');
    expect(page).toContain(`\`${condition}\` · `);
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      'What it means',
      'What the system already did',
      'What to check',
      'What to do',
    ]);
  });

  it('name only metrics that there are', () => {
    const known = readFileSync(join(FOLDER, '../metrics.md'), 'utf8');
    const pages = readdirSync(FOLDER).map((name) => readFileSync(join(FOLDER, name), 'utf8'));
    const named = new Set(pages.flatMap((page) => page.match(/market_maker_\w+/g) ?? []));
    expect([...named].filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
    expect(named.size).toBeGreaterThan(3);
  });
});
