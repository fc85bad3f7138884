import { inspect } from 'node:util';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { escapeControls } from '@opensqt/trading-events';
import { type Redact, redactor } from './redaction';

/** Parts of Nest that log, at each start, what no operator asked for: their warnings are still shown. */
const TALKATIVE = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** The options of the process's log. */
export interface LoggerSettings {
  /** True when a person reads along: readable lines in colour, otherwise one JSON object per line. */
  readonly terminal: boolean;
  /** Values that never get out. */
  readonly secrets?: readonly string[];
}

/**
 * Makes the logger of the process.
 *
 * @example
 * const terminal = process.stdout.isTTY === true;
 * NestFactory.create(AppModule, { logger: createLogger({ terminal, secrets: secretsOf(configuration) }) });
 */
export function createLogger({ terminal, secrets = [] }: LoggerSettings): ConsoleLogger {
  return new RedactingLogger(terminal, redactor(secrets));
}

/**
 * Redacts each line when it is complete, so that messages, parameters, stacks and causes are all covered. No control character
 * but the logger's own colours gets out raw, and no text can pretend to be a line of its own.
 */
class RedactingLogger extends ConsoleLogger {
  constructor(
    terminal: boolean,
    private readonly redactLine: Redact,
  ) {
    super({ json: !terminal, colors: terminal, compact: true, prefix: 'OpenSQT' });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!TALKATIVE.has(String(rest.at(-1)))) super.log(message, ...rest);
  }

  protected override stringifyJsonLogObject(record: Record<string, unknown>): string {
    return escapeControls(this.redactLine(super.stringifyJsonLogObject(record)));
  }

  protected override stringifyMessage(message: unknown, logLevel: LogLevel): string {
    const text = message instanceof Error ? inspect(message) : message;
    return super.stringifyMessage(typeof text === 'string' ? indented(text) : text, logLevel);
  }

  protected override formatMessage(
    logLevel: LogLevel,
    message: unknown,
    pidMessage: string,
    formattedLogLevel: string,
    contextMessage: string,
    timestampDiff: string,
    params?: Record<string, unknown>,
  ): string {
    return this.redactLine(
      super.formatMessage(
        logLevel,
        message,
        pidMessage,
        formattedLogLevel,
        contextMessage,
        timestampDiff,
        params,
      ),
    );
  }

  // Nest passes undefined for an Error without a separate stack, whatever its declaration says.
  protected override printStackTrace(stack: string | undefined): void {
    if (stack !== undefined) super.printStackTrace(escapeControls(this.redactLine(stack)));
  }
}

function indented(text: string): string {
  return escapeControls(text).replaceAll('\n', '\n    ');
}
