import { IdPrefixError, idByPrefix } from './id-prefix';

const IDS = ['0192f0c1-aaaa', '0192f0c1-bbbb', '7c3e9b1d-cccc', '7c3e'];
const find = (given: string, ids: Iterable<string> = IDS): string => idByPrefix(given, ids, 'open alert');

describe('an id by its beginning', () => {
  it.each([
    ['7c3e9', '7c3e9b1d-cccc'],
    ['0192f0c1-b', '0192f0c1-bbbb'],
    [' 0192f0c1-aaaa ', '0192f0c1-aaaa'],
    ['7c3e', '7c3e'],
  ])('is found: %j', (given, expected) => {
    expect(find(given)).toBe(expected);
  });

  it.each(['ffff', '0192F0C1', '', '0192f0c1-aaaa-more'])(
    'is left to the look-up when there is none: %j',
    (given) => {
      expect(find(given)).toBe(given);
    },
  );

  it('names the candidates when it is not the only one', () => {
    expect(() => find('0192f0c1')).toThrow(
      new IdPrefixError(
        "'0192f0c1' is the beginning of 2 ids. Which open alert: 0192f0c1-aaaa, 0192f0c1-bbbb?",
      ),
    );
    const many = Array.from({ length: 30 }, (_, n) => `abcd${n}`);
    expect(() => find('abcd', many)).toThrow('abcd9 or 20 more?');
  });

  it('needs four characters', () => {
    expect(() => find('7c3')).toThrow(
      "'7c3' is too short for an id (open alert): give at least 4 characters.",
    );
  });
});
