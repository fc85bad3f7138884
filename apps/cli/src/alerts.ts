import 'reflect-metadata';
import { userInfo } from 'node:os';
import {
  UsageError,
  loadConfiguration,
  oneOf,
  parseArguments,
  print,
  runCommand,
} from '@opensqt/configuration';
import { parseDuration } from '@opensqt/trading-events/options';
import { OPERATOR_COMMANDS } from './alerts/operator-commands';

const HELP = `What an operator does about alerts. The first of them ask the running market maker; why, why-not and
backtest read the log; route needs neither.

Usage: npm run -s alerts -- COMMAND [options]
${Object.values(OPERATOR_COMMANDS)
  .map(({ usage, meaning }) => `  ${usage.padEnd(52)} ${meaning}`)
  .join('\n')}

  --config FILE   the market maker's configuration (default: config.yaml): port, token and log are in it
  --by NAME       who does it (default: the user's name)
  --help          this text
`;

async function alerts(args: string[]): Promise<void> {
  const { values, positionals } = parseArguments({
    args,
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      by: { type: 'string' },
      for: { type: 'string' },
      reason: { type: 'string' },
      event: { type: 'string' },
      log: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(HELP);
  const [name, ...rest] = positionals;
  const names = Object.keys(OPERATOR_COMMANDS);
  if (name === undefined) throw new UsageError(`Say what to do: ${names.join(', ')}.`);
  const command = OPERATOR_COMMANDS[oneOf('command', name, names)];
  const { config: file, by = userInfo().username, for: time, ...options } = values;
  const duration = time === undefined ? undefined : parseDuration(time);
  if (time !== undefined && duration === undefined) {
    throw new UsageError(`--for must be a duration such as 30m, found '${time}'.`);
  }
  const source = { ...(file !== undefined && { file }), env: process.env, cwd: process.cwd() };
  const lines = await command?.run(loadConfiguration(source), rest, { ...options, by, duration });
  await print(`${lines?.join('\n')}\n`);
}

void runCommand('alerts', alerts);
