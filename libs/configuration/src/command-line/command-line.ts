import { once } from 'node:events';
import { basename } from 'node:path';
import { type ParseArgsConfig, parseArgs, types } from 'node:util';
import { escapeControls } from '@opensqt/trading-events';
import { closest } from 'fastest-levenshtein';
import { ConfigurationError, renderConfigurationError } from '../configuration-error';

export { aligned } from './aligned';
export { Progress } from './progress';
export { table } from './table';

const ISO_TIME = /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** The statuses that a command exits with when it fails, is called wrongly, or finds a wrong configuration (`EX_CONFIG`). */
export const EXIT = { failure: 1, usage: 2, configuration: 78 } as const;

/** The log that commands read where none is named: the market maker's, where its configuration names none. */
export const DEFAULT_LOG = 'data/events.db';

/** A command was called wrongly; the message says how it is called rightly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** True in the installed package, whose commands begin with `opensqt`; false for the scripts of the workspace. */
export function isInstalled(): boolean {
  return basename(process.argv[1] ?? '').replace(/\.[jt]s$/, '') === 'opensqt';
}

/** The command as it is typed where this process runs, without its options. */
export function typed(name: string): string {
  return isInstalled() ? `npx opensqt ${name}` : `npm run -s ${name} --`;
}

/**
 * Runs a command with the arguments of this process: errors go to stderr, and the exit status is 0 or one of {@link EXIT}. A
 * reader that goes away (`| head`) ends it quietly.
 *
 * @param name of the command, as {@link typed} completes it
 * @example
 * void runCommand('events', printEvents);
 */
export async function runCommand(name: string, command: (args: string[]) => Promise<void>): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`${name}: the output could not be written: ${error.message}\n`);
    process.exit(EXIT.failure);
  });
  try {
    await command(process.argv.slice(2));
  } catch (error) {
    const { status, text } = failureOf(name, error);
    remark(text);
    process.exitCode = status;
  }
}

function failureOf(name: string, error: unknown): { readonly status: number; readonly text: string } {
  if (error instanceof ConfigurationError) {
    return { status: EXIT.configuration, text: renderConfigurationError(error) };
  }
  const text = `${name}: ${error instanceof Error ? error.message : String(error)}`;
  if (!(error instanceof UsageError)) return { status: EXIT.failure, text };
  return { status: EXIT.usage, text: `${text} Try: ${typed(name)} --help` };
}

/**
 * Node's `parseArgs`.
 *
 * @throws UsageError that names the argument, and the nearest option where it is an unknown one
 */
export function parseArguments<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    if (!isParseArgsError(cause)) throw cause;
    const [, unknown] = /^Unknown option '--([^']*)'/.exec(cause.message) ?? [];
    const known = Object.keys(config.options ?? {});
    if (unknown !== undefined && known.length > 0)
      oneOf(
        'option',
        `--${unknown}`,
        known.map((option) => `--${option}`),
      );
    throw new UsageError(cause.message, { cause });
  }
}

/** Writes a line to stderr, beside what is printed, without raw control characters. */
export function remark(text: string): void {
  process.stderr.write(`${escapeControls(text)}\n`);
}

/** Writes to stdout, without raw control characters, and waits while the reader is slower than we are. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(escapeControls(text))) await once(process.stdout, 'drain');
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
  return value === undefined
    ? undefined
    : count(option, value, 'a position in the log, a whole number from 1');
}

/**
 * The value as a count.
 *
 * @throws UsageError when it is no whole number from 1
 */
export function count(option: string, value: string, allowed = 'a whole number from 1'): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new UsageError(`--${option} must be ${allowed}, found '${value}'.`);
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

function isParseArgsError(error: unknown): error is Error {
  if (!types.isNativeError(error) || !('code' in error)) return false;
  return typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS_');
}
