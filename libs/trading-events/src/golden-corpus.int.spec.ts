import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_CATALOGUE, EVENT_TYPES } from './catalogue/catalogue';
import { upcast } from './upcasting/upcast';
import type { WrittenEvent } from './upcasting/upcasters';
import { parseEvent } from './catalogue/parse-event';

const GOLDEN = join(__dirname, '../golden');
const HOW = 'docs/events-evolution.md says how an event is changed';

/** Every version of every event that a log may hold. */
const written = EVENT_TYPES.filter((type) => EVENT_CATALOGUE[type].kept === 'log').flatMap((type) =>
  Array.from({ length: EVENT_CATALOGUE[type].version }, (_, i) => ({ type, version: i + 1 })),
);

function samples(type: string, version: number): readonly WrittenEvent[] {
  const lines = readFileSync(join(GOLDEN, `v${version}`, `${type}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as WrittenEvent);
}

describe('the golden corpus', () => {
  it(`has a file for each version of each logged event, and no other; ${HOW}`, () => {
    const found = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.jsonl'),
    );
    expect(found.toSorted()).toEqual(
      written.map(({ type, version }) => `v${version}/${type}.jsonl`).toSorted(),
    );
  });

  it.each(written)('has samples of $type v$version that are valid today', ({ type, version }) => {
    const events = samples(type, version);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event).toMatchObject({ type, version });
      expect(parseEvent(event)).toEqual(upcast(event));
    }
  });

  it.each(written)(
    'shows each optional field of $type v$version both present and absent',
    ({ type, version }) => {
      if (version !== EVENT_CATALOGUE[type].version) return;
      const seen = samples(type, version).map(({ data }) => data);
      for (const [field, rule] of Object.entries(EVENT_CATALOGUE[type].fields)) {
        if (rule.optional !== true) continue;
        expect(seen.some((data) => field in data) && seen.some((data) => !(field in data))).toBe(true);
      }
    },
  );
});
