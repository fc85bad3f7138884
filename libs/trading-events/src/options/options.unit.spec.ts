import { z } from 'zod';
import { amount } from './amounts';
import { byteSize } from './byte-size';
import { TIMER_MAX, duration } from './duration';
import { neededWhileEnabled, rule } from './rule';
import { choice, flag, wholeNumber } from './scalar';
import { secretsIn } from './secrets';
import { IN_FILE } from './spelling';
import { judge, parseOptions } from './read-options';
import { schemaViolations } from './schema-violations';
import { httpUrl, text } from './text';
import type { Violation } from './violation';
import { spelledAsInCode } from './written-options';

const shop = z.strictObject({
  /** @default 'info' */
  logLevel: choice(['info', 'warning']).prefault('info'),
  openFor: duration({ min: '1s', max: TIMER_MAX }).prefault('8h'),
  shelf: z
    .strictObject({ maxSize: byteSize({ min: '1MB' }).optional(), maxPrice: amount.prefault('10') })
    .prefault({}),
  till: z
    .strictObject({
      enabled: flag.prefault(false),
      apiUrl: httpUrl('a URL', { secret: true }).optional(),
      pinCode: text({ allowed: 'a pin', pattern: /^\d{4}$/, secret: true }).optional(),
    })
    .superRefine(neededWhileEnabled('till', ['apiUrl']))
    .prefault({}),
  clerks: z.unknown().optional().meta({ codeOnly: true }),
  doors: z.array(z.strictObject({ width: wholeNumber({ min: 1 }) })).prefault([]),
});
const checked = shop.superRefine(
  rule(['till.enabled', 'doors'], ({ till, doors }) =>
    till.enabled && doors.length === 0
      ? [{ path: ['doors'], found: 'no door', allowed: 'a door while till.apiUrl is given' }]
      : [],
  ),
);

function violationsOf(options: unknown): readonly Violation[] {
  let found: readonly Violation[] = [];
  try {
    parseOptions(checked, options, (violations) => {
      found = violations;
      return new Error('refused');
    });
  } catch {
    return found;
  }
  return found;
}

describe('options in code', () => {
  it('have their defaults, and accept undefined wherever a key is optional', () => {
    const options: z.input<typeof shop> = {
      logLevel: undefined,
      openFor: undefined,
      shelf: { maxSize: undefined },
      till: undefined,
    };
    expect(parseOptions(checked, options, () => new Error('refused'))).toMatchObject({
      logLevel: 'info',
      openFor: 8 * 3_600_000,
      shelf: { maxPrice: '10' },
      till: { enabled: false },
    });
    expect(parseOptions(checked, undefined, () => new Error('refused')).doors).toEqual([]);
  });

  it('are read again as what they were read to', () => {
    const once = parseOptions(checked, { openFor: '90s', shelf: { maxSize: '2MB' } }, () => new Error());
    expect(once).toMatchObject({ openFor: 90_000, shelf: { maxSize: 2_000_000 } });
    expect(parseOptions(checked, once, () => new Error('refused'))).toEqual(once);
  });

  it.each([
    [{ openfor: 1 }, 'openfor', 'an unknown key', 'did you mean openFor?'],
    [{ pinCode: '1234' }, 'pinCode', 'an unknown key', 'pinCode belongs in till'],
    [{ logLevel: 'Warnin' }, 'logLevel', '"Warnin"', 'did you mean warning?'],
    [{ logLevel: 'loud' }, 'logLevel', '"loud"', 'one of info, warning'],
    [{ openFor: '25d' }, 'openFor', '"25d"', 'up to 24.8d'],
    [{ openFor: 10 }, 'openFor', '10', 'of at least 1s'],
    [{ openFor: NaN }, 'openFor', 'NaN', 'a duration'],
    [{ shelf: 3 }, 'shelf', 'a number', 'an object with options'],
    [{ doors: { width: 1 } }, 'doors', 'a section', 'a list'],
    [{ doors: [{ width: () => 1 }] }, 'doors[0].width', 'a function', 'a whole number'],
    [{ till: { pinCode: 's3cret' } }, 'till.pinCode', '(hidden)', 'a pin'],
    [{ till: { enabled: true }, doors: [{ width: 1 }] }, 'till.apiUrl', 'nothing', 'till.enabled is true'],
  ])('are refused as %j', (options, path, found, allowed) => {
    expect(violationsOf(options)).toEqual([
      { path, found: expect.stringContaining(found), allowed: expect.stringContaining(allowed) },
    ]);
  });

  it('name everything that is wrong at once, also between keys, but not about keys that are wrong already', () => {
    expect(
      violationsOf({ openFor: 'long', till: { enabled: true, pinCode: 'x', extra: 1 } }).map(
        ({ path }) => path,
      ),
    ).toEqual(['openFor', 'till.pinCode', 'till.extra', 'till.apiUrl', 'doors']);
    expect(violationsOf({ till: { enabled: true, apiUrl: 'no' }, doors: 3 }).map(({ path }) => path)).toEqual(
      ['till.apiUrl', 'doors'],
    );
  });
});

describe('options in a file', () => {
  const read = (value: unknown) => {
    const written = spelledAsInCode(checked, value);
    const judgement = judge(checked, written.value, written.issues);
    return judgement.ok
      ? judgement.value
      : schemaViolations(judgement.issues, { schema: checked, value: written.value, spelling: IN_FILE }).map(
          ({ path, allowed }) => [path, allowed],
        );
  };

  it('are the same tree in snake_case, where a key without a value is absent', () => {
    expect(
      read({ log_level: 'warning', shelf: { max_size: '1MB', max_price: null }, till: null }),
    ).toMatchObject({
      logLevel: 'warning',
      shelf: { maxSize: 1_000_000, maxPrice: '10' },
      till: { enabled: false },
    });
  });

  it.each([
    [{ logLevel: 'info' }, 'logLevel', 'did you mean log_level?'],
    [{ clerks: 1 }, 'clerks', 'log_level, open_for, shelf, till, doors ('],
    [{ open_for: 90 }, 'open_for', 'write 90s for seconds or 90ms for milliseconds'],
    [{ shelf: { max_size: 5 } }, 'shelf.max_size', 'such as 5MB'],
    [{ till: { enabled: true, api_url: 'http://a' } }, 'doors', 'a door while till.api_url is given'],
  ])('are refused as %j, in the words of the file', (value, path, allowed) => {
    expect(read(value)).toEqual([[path, expect.stringContaining(allowed)]]);
  });
});

it('finds the secrets in options by their schema', () => {
  const options = { till: { enabled: true, apiUrl: 'https://u:pass@a.example/hook', pinCode: '1234' } };
  expect(secretsIn(shop, options)).toEqual(['https://u:pass@a.example/hook', '/hook', 'pass', '1234']);
});
