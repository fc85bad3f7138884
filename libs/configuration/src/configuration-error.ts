import type { Violation } from '@opensqt/trading-events/options';

/** The configuration can't be used; nothing has been started. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly code = 'CONFIG_INVALID';

  /**
   * @param file the file's name, for the message
   * @param violations everything that is wrong with it, at least one
   */
  constructor(
    readonly file: string,
    readonly violations: readonly Violation[],
    options?: { readonly cause?: unknown },
  ) {
    super(renderConfigurationError({ file, violations }), options);
  }
}

/**
 * The error as the operator reads it on the terminal: how much is wrong with which file, then a line for each.
 *
 * @example
 * config.yaml has 1 violation; nothing was started.
 *   server.port (line 2): found "http"; allowed: a whole number from 0 up to 65535
 */
export function renderConfigurationError({
  file,
  violations,
}: Pick<ConfigurationError, 'file' | 'violations'>): string {
  const count = violations.length === 1 ? '1 violation' : `${violations.length} violations`;
  return [`${file} has ${count}; nothing was started.`, ...violations.map(renderViolation)].join('\n');
}

function renderViolation({ path, line, column, found, allowed }: Violation): string {
  const position = [
    line === undefined ? undefined : `line ${line}`,
    column === undefined ? undefined : `column ${column}`,
  ].filter((part) => part !== undefined);
  const place = position.length === 0 ? '' : path === '' ? position.join(', ') : ` (${position.join(', ')})`;
  return `  ${path}${place || (path === '' ? 'the file' : '')}: found ${found}; allowed: ${allowed}`;
}
