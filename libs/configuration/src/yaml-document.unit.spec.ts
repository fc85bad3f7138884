import { readYaml } from './yaml-document';

describe('readYaml', () => {
  it.each([
    ['a key that occurs twice', 'a: 1\nb: 2\na: 3\n', { line: 3, column: 1, allowed: 'each key once' }],
    ['a tab as indentation', 'a:\n\tb: 1\n', { line: 2, column: 1, allowed: 'spaces' }],
    ['a bracket that is not closed', 'a: 1\nb: [1, 2\n', { line: 3, column: 1 }],
    ['a variable without quotes inside { }', 'a: { b: ${C} }\n', { line: 1, allowed: /needs quotes/ }],
    ['an unknown tag', 'a: !env B\n', { line: 1, column: 4 }],
    ['a second document', 'a: 1\n---\nb: 1\n', { line: 2 }],
  ])('says where %s is', (_, source, expected) => {
    const { allowed, ...place } = { allowed: /./, ...expected };
    expect(readYaml(source)).toEqual([
      expect.objectContaining({ path: '', ...place, allowed: expect.stringMatching(allowed) }),
    ]);
  });

  it('reports several mistakes that are independent of each other', () => {
    expect(readYaml('a: 1\na: 2\nb: 1\nb: 2\n')).toMatchObject([{ line: 2 }, { line: 4 }]);
  });

  it('takes << for a key like any other', () => {
    expect(readYaml('a: &a { b: 1 }\nc: { <<: *a }\n')).toMatchObject({ value: { c: { '<<': { b: 1 } } } });
  });

  it('refuses an alias of nothing', () => {
    expect(readYaml('a: *b\n')).toMatchObject([{ found: expect.stringContaining('without its anchor') }]);
  });

  it('refuses aliases that expand without bound', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    expect(readYaml(['l0: &l0 [x, x]', ...levels].join('\n'))).toMatchObject([
      { found: expect.stringContaining('aliases') },
    ]);
  });

  it('knows the line of a key, and of what is around a key that is absent', () => {
    const document = readYaml('a:\n  b:\n    - c: 1\n    - c: 2\n');
    if (!('lineOf' in document)) throw new Error('The document is valid.');
    expect(document.lineOf(['a', 'b', 1, 'c'])).toBe(4);
    expect(document.lineOf(['a', 'absent'])).toBe(1);
    expect(document.lineOf(['absent'])).toBeUndefined();
  });
});
