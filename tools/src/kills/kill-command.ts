import {
  Progress,
  UsageError,
  count,
  oneOf,
  parseArguments,
  print,
  runCommand,
  table,
} from '@opensqt/configuration';

/** The given part of a run in which a process is killed again and again. */
export interface KillOptions {
  readonly kills: number;
  /** The same seed kills at the same moments, as far as the machine lets it. */
  readonly seed: string;
  /** Node's arguments that start the process, to which its task is added. */
  readonly script: readonly string[];
  readonly onKill?: (() => void) | undefined;
}

/** The findings of a run: its figures, and the faults. */
export interface KillFindings {
  readonly rows: readonly (readonly string[])[];
  /** The faults, and where they are; empty when all is well. */
  readonly faults: readonly (readonly string[])[];
}

export interface KillCommand<Option extends string> {
  readonly name: string;
  readonly help: string;
  /** The compiled file of the process that is killed. */
  readonly script: string;
  /** The words that say what to do, where there are any: that of this command, and those of others of its name. */
  readonly words?: readonly [own: string, ...others: string[]];
  /** Options besides `--kills`, `--seed` and `--help`, each with a value. */
  readonly options?: readonly Option[];
  run(kill: KillOptions, values: Readonly<Partial<Record<Option, string>>>): Promise<KillFindings>;
}

/** Runs a command that kills: reads its arguments, shows how far it is, and prints what was found. The exit status is 1 when anything was wrong. */
export function runKillCommand<Option extends string>(command: KillCommand<Option>): Promise<void> {
  const { name, help, script, words, options = [], run } = command;
  return runCommand(name, async (args) => {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArguments({
      args,
      allowPositionals: words !== undefined,
      options: {
        ...Object.fromEntries(options.map((option) => [option, text])),
        kills: { ...text, default: '200' },
        seed: { ...text, default: '1' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return print(help);
    const [given, ...more] = positionals;
    if (words !== undefined) {
      if (given === undefined || more.length > 0)
        throw new UsageError(`Say what to do: ${words.join(' or ')}.`);
      oneOf('command', given, words);
    }
    const kills = count('kills', values.kills);
    const progress = new Progress('kills', kills);
    const kill = { kills, seed: values.seed, script: [script], onKill: () => progress.advance(1) };
    const ownValues = values as Readonly<Partial<Record<Option, string>>>;
    await printFindings(await run(kill, ownValues).finally(() => progress.end()));
  });
}

/** Prints what was found. The exit status is 1 when anything was wrong. */
export async function printFindings({ rows, faults }: KillFindings): Promise<void> {
  await print(`${table(['what', 'found'], rows)}\n`);
  if (faults.length === 0) return;
  await print(`\n${table(['fault', 'which'], faults)}\n`);
  process.exitCode = 1;
}
