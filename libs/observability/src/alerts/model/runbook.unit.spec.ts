import { runbookLinks } from './runbook';

describe('links to runbooks', () => {
  it.each([
    ['https://example.com/runbooks', 'https://example.com/runbooks/strategy_panic.md'],
    ['https://example.com/runbooks/', 'https://example.com/runbooks/strategy_panic.md'],
    ['https://example.com/?page={condition}&v=1', 'https://example.com/?page=strategy_panic&v=1'],
  ])('under %s are %s', (base, link) => {
    expect(runbookLinks(base)('strategy_panic')).toBe(link);
  });

  it('are none where nobody has said where they are', () => {
    expect(runbookLinks(undefined)('strategy_panic')).toBeUndefined();
  });

  it('keep odd names of conditions in their place', () => {
    expect(runbookLinks('https://example.com')('../<b>|$&"\ud800')).toBe(
      'https://example.com/..%2F%3Cb%3E%7C%24%26%22%EF%BF%BD.md',
    );
    expect(runbookLinks('https://example.com')('x'.repeat(20_000))).toBeUndefined();
  });
});
