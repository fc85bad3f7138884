import { once } from 'node:events';
import { closest } from 'fastest-levenshtein';

const ISO_TIME = /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** A command was called wrongly; the message says how it is called rightly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Runs a command: errors go to stderr, and the exit status is 0, 1 for a failure or 2 for wrong usage. A reader that goes
 * away (`| head`) ends it quietly.
 *
 * @param name as it is typed after `npm run`
 * @example
 * void runCommand('events', () => printEvents(process.argv.slice(2)));
 */
export async function runCommand(name: string, command: () => Promise<void>): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`${name}: the output could not be written: ${error.message}\n`);
    process.exit(1);
  });
  try {
    await command();
  } catch (error) {
    const wrongUsage = error instanceof UsageError || isParseArgsError(error);
    const help = wrongUsage ? ` Try: npm run -s ${name} -- --help` : '';
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}${help}\n`);
    process.exitCode = wrongUsage ? 2 : 1;
  }
}

/** Writes to stdout, and waits while the reader is slower than we are. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/**
 * The value as one of the known words.
 *
 * @throws UsageError that names the nearest one
 */
export function oneOf<Word extends string>(option: string, value: string, known: readonly Word[]): Word {
  const found = known.find((word) => word === value);
  if (found !== undefined) return found;
  throw new UsageError(`There is no ${option} '${value}'. Did you mean '${closest(value, [...known])}'?`);
}

/**
 * The value as a position in the log; undefined when the option is not given.
 *
 * @throws UsageError when it is no whole number from 1
 */
export function position(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new UsageError(`--${option} must be a position in the log, a whole number from 1, found '${value}'.`);
}

/**
 * The value as epoch milliseconds; undefined when the option is not given.
 *
 * @throws UsageError when it is neither an ISO 8601 time nor epoch milliseconds
 */
export function time(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{10,16}(\.\d+)?$/.test(value)) return Number(value);
  const [, date, clock = 'T00:00', zone = 'Z'] = ISO_TIME.exec(value) ?? [];
  const parsed = date === undefined ? NaN : Date.parse(`${date}${clock.replace(' ', 'T')}${zone}`);
  if (!Number.isNaN(parsed)) return parsed;
  const allowed = 'an ISO 8601 time such as 2026-01-31T12:00:00Z, or epoch milliseconds';
  throw new UsageError(`--${option} must be ${allowed}, found '${value}'.`);
}

function isParseArgsError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS_');
}
