import { parseArguments } from '@opensqt/configuration';

export const USAGE = `Usage: npm start [-- --config FILE]

Runs the market maker and serves its metrics, health and alerts.

  --config FILE  configuration to read; config.yaml where there is one, otherwise the defaults
  --help         show this
`;

/** The command line's request. */
export type Command =
  | { readonly kind: 'run'; readonly file?: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly reason: string };

/** Reads the arguments after the script's name. */
export function readCommandLine(args: readonly string[]): Command {
  try {
    const { values } = parseArguments({
      args: [...args],
      options: { config: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help === true) return { kind: 'help' };
    return values.config === undefined ? { kind: 'run' } : { kind: 'run', file: values.config };
  } catch (error) {
    return { kind: 'misused', reason: error instanceof Error ? error.message : String(error) };
  }
}
