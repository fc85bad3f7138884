import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigurationError } from './configuration-error';
import { readConfiguration } from './configuration-reading';
import type { Configuration } from './configuration-schema';
import type { Environment } from './environment-variables';

/** The file that is read when none is named. */
const DEFAULT_FILE = 'config.yaml';

/** The source of the configuration. */
export interface ConfigurationSource {
  /** The file, as the operator named it. Absent: `config.yaml` in `cwd` if there is one, otherwise the defaults. */
  readonly file?: string;
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
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (mayBeAbsent && code === 'ENOENT') return '';
    return refuse(describeFailure(code), error);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? refuse('something that is not text') : text;
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    return refuse('something that is not text', error);
  }
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

function describeFailure(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'a file that does not exist';
    case 'EISDIR':
      return 'a directory';
    case 'EACCES':
    case 'EPERM':
      return 'a file that this user may not read';
    default:
      return `a file that cannot be read (${code ?? 'unknown reason'})`;
  }
}
