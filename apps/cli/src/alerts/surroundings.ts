import { existsSync, readFileSync } from 'node:fs';
import {
  type Configuration,
  ConfigurationError,
  httpAddress,
  isInstalled,
  loadConfiguration,
  readConfiguration,
} from '@opensqt/configuration';
import { withoutLineBreak } from '@opensqt/trading-events/options';
import { OperatorApi, OperatorError } from './operator-api';

/** The world that a command works on. */
export interface Surroundings {
  /** The market maker's, or the defaults where none is named: an application's own options are in its code. */
  readonly configuration: Configuration;
  /** The bot whose part of the log is read; absent: the only one there is. */
  readonly bot: string | undefined;
  /** The running process. */
  readonly api: OperatorApi;
}

/** The options that say where. */
interface Named {
  readonly config?: string | undefined;
  readonly url?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly bot?: string | undefined;
}

/**
 * The surroundings as the operator named them. Beside an application, a `config.yaml` that is none of ours is left alone.
 *
 * @throws ConfigurationError, and OperatorError when the token's file can't be read
 */
export function surroundingsOf({ config, url, tokenFile, bot }: Named, env = process.env): Surroundings {
  const written = config === undefined && isInstalled() ? found(env) : loaded(config, env);
  const configuration = written ?? defaults();
  const asked =
    url ?? env['OPENSQT_URL'] ?? (written && httpAddress(written.server.host, written.server.port));
  const file = tokenFile ?? env['OPENSQT_TOKEN_FILE'];
  const token =
    withoutLineBreak(file === undefined ? (env['OPENSQT_TOKEN'] ?? '') : tokenIn(file)) || undefined;
  return {
    configuration,
    bot: bot ?? written?.name,
    api: new OperatorApi(asked, token ?? tokenOf(configuration)),
  };
}

function loaded(file: string | undefined, env: NodeJS.ProcessEnv): Configuration {
  return loadConfiguration({ file, env, cwd: process.cwd() });
}

/** The market maker's file in this folder. */
function found(env: NodeJS.ProcessEnv): Configuration | undefined {
  if (!existsSync('config.yaml')) return undefined;
  try {
    return loaded(undefined, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

function defaults(): Configuration {
  const reading = readConfiguration('', { env: {}, unreadable: () => undefined });
  if (!reading.ok) throw new ConfigurationError('the defaults', reading.violations);
  return reading.configuration;
}

/** The token without a name, or the only one that may change something: of several it is not known whose to use. */
function tokenOf({ server: { token, tokens } }: Configuration): string | undefined {
  const operators = tokens.filter(({ role }) => role === 'operate');
  return token ?? (operators.length === 1 ? operators[0]?.token : undefined);
}

function tokenIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new OperatorError(`The token's file ${file} can't be read (${code ?? 'unknown reason'}).`, {
      cause,
    });
  }
}
