import 'reflect-metadata';
import { userInfo } from 'node:os';
import {
  UsageError,
  isInstalled,
  oneOf,
  parseArguments,
  print,
  runCommand,
  typed,
} from '@opensqt/configuration';
import { parseDuration } from '@opensqt/trading-events/options';
import { OPERATOR_COMMANDS } from './operator-commands';
import { surroundingsOf } from './surroundings';

const HELP = `What an operator does about alerts. The first of them ask the running process; why, why-not and
backtest read the log; route needs neither. An ID may be shortened to its beginning, from four characters on.

Usage: ${typed('alerts')} COMMAND [options]
${Object.values(OPERATOR_COMMANDS)
  .map(({ usage, meaning }) => `  ${usage.padEnd(52)} ${meaning}`)
  .join('\n')}

  --url URL          the running process, such as http://127.0.0.1:3000 (default: OPENSQT_URL)
  --token-file FILE  holds the token of that process, for what changes something (default: OPENSQT_TOKEN, or the file OPENSQT_TOKEN_FILE)
  --config FILE      a market maker's configuration${isInstalled() ? '' : ' (default: config.yaml)'}: port, token and log are in it
  --bot NAME         the bot, where several are on the log
  --by NAME          for whom, beside the token's name (default: the user's name)
  --help             this text
`;

async function alerts(args: string[]): Promise<void> {
  const { values, positionals } = parseArguments({
    args,
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      url: { type: 'string' },
      'token-file': { type: 'string' },
      bot: { type: 'string' },
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
  const { by = userInfo().username, for: time, reason, event, log } = values;
  const duration = time === undefined ? undefined : parseDuration(time);
  if (time !== undefined && duration === undefined) {
    throw new UsageError(`--for must be a duration such as 30m, found '${time}'.`);
  }
  const surroundings = surroundingsOf({ ...values, tokenFile: values['token-file'] });
  const lines = await command?.run(surroundings, rest, { by, reason, event, log, duration });
  await print(`${lines?.join('\n')}\n`);
}

void runCommand('alerts', alerts);
