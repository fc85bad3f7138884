import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_RULES } from '@opensqt/observability/replay';
import { runSource } from '@opensqt/event-log/testing';
import { documents } from './documents';
import { fillMarks } from './marks';

const repository = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(repository, file), 'utf8');

describe('the documents', () => {
  it.each(Object.entries(documents()))(
    '%s is what the code says; otherwise run: npm run docs',
    (file, text) => {
      expect(read(file)).toBe(text);
    },
  );

  it.each(BUILT_IN_RULES.map(({ condition, handles }) => [condition, handles] as const))(
    'docs/alerts.md explains %s and the events behind it',
    (condition, handles) => {
      const text = read('docs/alerts.md');
      for (const name of [condition, ...handles]) expect(text).toContain(`\`${name}\``);
    },
  );

  it('have a place for what each suite of the benchmarks measures', async () => {
    const { stdout: help } = await runSource(join(repository, 'tools/src/bench.ts'), ['--help']);
    const suites = /only this suite: (.+)/.exec(help)?.[1]?.split(', ') ?? [];
    expect(suites).toContain('restart');
    const text = read('docs/benchmarks.md');
    for (const suite of suites) {
      expect(fillMarks(text, suite, 'new results')).toContain('new results');
    }
  });
});
