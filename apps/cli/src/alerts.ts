import 'reflect-metadata';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { ConfigurationError, renderConfigurationError } from '@opensqt/configuration';
import { parseDuration } from '@opensqt/trading-events/options';
import { loadConfiguration } from '@opensqt/configuration';
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
const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
const EXIT_CONFIG = 78;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      by: { type: 'string' },
      for: { type: 'string' },
      reason: { type: 'string' },
      event: { type: 'string' },
      log: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [name = '', ...args] = positionals;
  const command = OPERATOR_COMMANDS[name];
  if (values.help === true || command === undefined) {
    process.exitCode = values.help === true ? 0 : EXIT_USAGE;
    process[values.help === true ? 'stdout' : 'stderr'].write(HELP);
    return;
  }
  const file = values.config === undefined ? {} : { file: values.config };
  const configuration = loadConfiguration({ ...file, env: process.env, cwd: process.cwd() });
  const duration = values.for === undefined ? undefined : parseDuration(values.for);
  if (values.for !== undefined && duration === undefined) {
    throw new TypeError(`--for must be a duration such as 30m, found '${values.for}'.`);
  }
  const lines = await command.run(configuration, args, {
    by: values.by ?? userInfo().username,
    ...(values.reason === undefined ? {} : { reason: values.reason }),
    ...(duration === undefined ? {} : { duration }),
    ...(values.event === undefined ? {} : { event: values.event }),
    ...(values.log === undefined ? {} : { log: values.log }),
  });
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigurationError) {
    process.stderr.write(`${renderConfigurationError(error)}\n`);
    process.exitCode = EXIT_CONFIG;
    return;
  }
  process.stderr.write(`alerts: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TypeError ? EXIT_USAGE : EXIT_FAILURE;
});
