/** A code as words: `max_drawdown` → `max drawdown`. */
export function formatCode(code: string): string {
  return code.replaceAll('_', ' ');
}

/** The scope of a limit or a breaker, in a sentence: `BTCUSDT`, or `all symbols` for the global scope. */
export function formatScope(scope: string): string {
  return scope === 'global' ? 'all symbols' : scope;
}

/** The beginning of the commands where the package @opensqt/cli is installed. */
export const DEFAULT_COMMAND = 'npx opensqt';

/** A command as it is typed: `npx opensqt alerts list`; the scripts of a package are `npm run -s alerts -- list`. */
export function commandLine(command: string, name: string, options: string): string {
  return `${command} ${name}${/^npm run\b/.test(command) ? ' --' : ''} ${options}`;
}

/** The beginning of a line of a message that has a command. */
const COMMAND_LINE = /^(?:To reset it before|Acknowledge|Silence): /;

/** Text that was true once, without the lines that have a command: it may not work any more. */
export function withoutCommands(text: string): string {
  return text
    .split('\n')
    .filter((line) => !COMMAND_LINE.test(line))
    .join('\n');
}

/** Text with a full stop at its end, unless it has one. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
