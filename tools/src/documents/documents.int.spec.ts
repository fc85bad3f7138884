import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERT_RULES } from '@opensqt/observability';
import { documents } from './documents';

const repository = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(repository, file), 'utf8');

describe('the documents', () => {
  it.each(Object.entries(documents()))(
    '%s is what the code says; otherwise run: npm run docs',
    (file, text) => {
      expect(read(file)).toBe(text);
    },
  );

  it.each(ALERT_RULES.map(({ condition, handles }) => [condition, handles] as const))(
    'docs/alerts.md explains %s and the events behind it',
    (condition, handles) => {
      const text = read('docs/alerts.md');
      for (const name of [condition, ...handles]) expect(text).toContain(`\`${name}\``);
    },
  );
});
