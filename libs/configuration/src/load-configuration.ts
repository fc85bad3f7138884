import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeFailure, textIn } from '@opensqt/trading-events/options';
import { ConfigurationError } from './configuration-error';
import { readConfiguration } from './configuration-reading';
import type { Configuration } from './configuration-schema';
import type { Environment } from './references';

/** The file that is read when none is named. */
export const DEFAULT_FILE = 'config.yaml';

/** The source of the configuration. */
export interface ConfigurationSource {
  /** The file, as the operator named it. Absent: `config.yaml` in `cwd` if there is one, otherwise the defaults. */
  readonly file?: string | undefined;
  readonly env: Environment;
  /** Absolute path of the directory in which the process was started. */
  readonly cwd: string;
}

/**
 * Loads the configuration, once, before anything is started.
 *
 * @returns the configuration with every default resolved and its paths absolute: a recording's starts from the file's
 *   folder, or from `cwd` where there is no such file; the event log's from `cwd`
 * @throws ConfigurationError with everything that is wrong, also when the file or a recording can't be read
 * @example
 * const configuration = loadConfiguration({ file: 'config.yaml', env: process.env, cwd: process.cwd() });
 */
export function loadConfiguration({ file, env, cwd }: ConfigurationSource): Configuration {
  const name = file ?? DEFAULT_FILE;
  const path = resolve(cwd, name);
  const fromFile = (written: string): string => {
    const besideTheFile = resolve(dirname(path), written);
    return existsSync(besideTheFile) ? besideTheFile : resolve(cwd, written);
  };
  const reading = readConfiguration(readText(path, name, file === undefined), {
    env,
    contentOf: (written) => textIn(fromFile(written)),
    unreadable: (written) => unreadable(fromFile(written)),
  });
  if (!reading.ok) throw new ConfigurationError(name, reading.violations);

  const { configuration } = reading;
  return {
    ...configuration,
    recording: configuration.recording.map((entry) => ({ ...entry, path: fromFile(entry.path) })),
    eventLog: withAbsolutePaths(configuration.eventLog, (written) => resolve(cwd, written)),
  };
}

function withAbsolutePaths(
  { path, retention, ...log }: Configuration['eventLog'],
  absolute: (written: string) => string,
): Configuration['eventLog'] {
  const { archivePath } = retention;
  return {
    ...log,
    path: absolute(path),
    retention: { ...retention, ...(archivePath === undefined ? {} : { archivePath: absolute(archivePath) }) },
  };
}

/** The file's text; empty when it is the default file and there is none. */
function readText(path: string, name: string, mayBeAbsent: boolean): string {
  const refuse = (found: string, cause?: unknown): never => {
    const allowed = 'a text file (UTF-8) in YAML; name another with --config FILE';
    throw new ConfigurationError(name, [{ path: '', found, allowed }], { cause });
  };
  const content = textIn(path);
  if ('text' in content) return content.text;
  const { code } = (content.cause ?? {}) as NodeJS.ErrnoException;
  return mayBeAbsent && code === 'ENOENT' ? '' : refuse(content.problem, content.cause);
}

/** The reason that a file can't be read; undefined when it can. */
function unreadable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory() ? describeFailure('EISDIR') : undefined;
  } catch (error) {
    return describeFailure((error as NodeJS.ErrnoException).code);
  }
}
