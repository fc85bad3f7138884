import fc from 'fast-check';
import { MAX_PAUSE_MS, statedPause } from './retry-after';

const NOW = Date.parse('2026-11-24T03:12:00Z');

describe('statedPause', () => {
  it.each([
    ['seconds in the header', { 'retry-after': '7' }, '', 7_000],
    ['a date in the header', { 'retry-after': 'Tue, 24 Nov 2026 03:12:30 GMT' }, '', 30_000],
    [
      'a date, by a clock an hour ahead',
      { 'retry-after': 'Tue, 24 Nov 2026 04:12:30 GMT', date: 'Tue, 24 Nov 2026 04:12:00 GMT' },
      '',
      30_000,
    ],
    ["Slack's body", {}, '{"ok":false,"retry_after":30}', 30_000],
    ["Telegram's body", {}, '{"ok":false,"parameters":{"retry_after":12}}', 12_000],
    ['the longer of both, in the body', { 'retry-after': '3' }, '{"retry_after":9}', 9_000],
    ['the longer of both, in the header', { 'retry-after': '9' }, '{"retry_after":3}', 9_000],
    ['none at all: a second, so as not to spin', { 'retry-after': '0' }, '', 1_000],
    ['a date that is past', { 'retry-after': 'Tue, 24 Nov 2026 03:00:00 GMT' }, '', 1_000],
    ['a century, which is capped', { 'retry-after': '3153600000' }, '', MAX_PAUSE_MS],
    ['infinity, which is capped', {}, '{"retry_after":1e999}', MAX_PAUSE_MS],
  ] as const)('reads %s', (_, headers, body, expected) => {
    expect(statedPause(headers, body, NOW)).toBe(expected);
  });

  it.each([
    ['nothing', {}, ''],
    ['a word', { 'retry-after': 'soon' }, '{"retry_after":"soon"}'],
    ['a negative number', { 'retry-after': '-5' }, '{"retry_after":-5}'],
    ['null', {}, '{"retry_after":null,"parameters":null}'],
    ['JSON that is no object', {}, 'null'],
    ['an HTML page', {}, '<html>'],
  ] as const)('finds no pause in %s', (_, headers, body) => {
    expect(statedPause(headers, body, NOW)).toBeUndefined();
  });

  it('gives 1 s to 1 h or nothing, whatever is stated', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (header, stated) => {
        const body = JSON.stringify({ retry_after: stated }, (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        const pause = statedPause({ 'retry-after': header }, body, NOW) ?? 1_000;

        expect(pause).toBeGreaterThanOrEqual(1_000);
        expect(pause).toBeLessThanOrEqual(MAX_PAUSE_MS);
      }),
    );
  });
});
