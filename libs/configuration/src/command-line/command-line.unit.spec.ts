import { UsageError, count, oneOf, parseArguments, position, time } from './command-line';

const options = { kills: { type: 'string' }, help: { type: 'boolean', default: false } } as const;
const refusal = (args: string[], allowPositionals = false) => {
  try {
    return parseArguments({ args, options, allowPositionals });
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
};

describe('the arguments of a command', () => {
  it('are read as Node reads them', () => {
    expect(parseArguments({ args: ['--kills', '3'], options }).values).toMatchObject({
      kills: '3',
      help: false,
    });
    expect(refusal(['kill', '--help'], true)).toMatchObject({
      values: { help: true },
      positionals: ['kill'],
    });
  });

  it('are refused by name, with the nearest option where one is unknown', () => {
    expect(refusal(['--kils', '3'])).toBe("There is no option '--kils'. Did you mean '--kills'?");
    expect(refusal(['--kills'])).toMatch(/'--kills <value>' argument missing/);
    expect(refusal(['now'])).toMatch(/^Unexpected argument 'now'/);
    expect(refusal(['-k'])).toMatch(/^Unknown option '-k'/);
  });

  it('are words of a list, or the nearest one is named', () => {
    expect(oneOf('suite', 'fold', ['fold', 'scrape'])).toBe('fold');
    expect(() => oneOf('suite', 'scape', ['fold', 'scrape'])).toThrow(
      new UsageError("There is no suite 'scape'. Did you mean 'scrape'?"),
    );
  });

  it.each(['0', '-1', '1.5', 'x', '', '9'.repeat(20)])('are no count and no position: %p', (value) => {
    expect(() => count('kills', value)).toThrow(`--kills must be a whole number from 1, found '${value}'.`);
    expect(() => position('from', value)).toThrow('--from must be a position in the log');
  });

  it('are counts, positions and times', () => {
    expect(count('kills', '200')).toBe(200);
    expect(position('from', '7')).toBe(7);
    expect(position('from', undefined)).toBeUndefined();
    expect(time('since', '2026-01-31')).toBe(Date.UTC(2026, 0, 31));
    expect(() => time('since', 'yesterday')).toThrow('--since must be an ISO 8601 time');
  });
});
