import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Configuration, secretsOf } from './configuration-schema';
import { type ConfigurationSource, DEFAULT_FILE } from './load-configuration';

const OTHERS_MAY_READ = 0o004;
/** A secret that is shorter than this could stand in a file by chance. */
const MIN_LENGTH = 4;

/**
 * The warning that the file holds secrets in plain text and every user of the machine may read it; undefined where it doesn't, or they
 * may not. Secrets that come from the environment are not in it.
 */
export function exposedSecrets(
  { file = DEFAULT_FILE, cwd }: ConfigurationSource,
  configuration: Configuration,
): string | undefined {
  const path = resolve(cwd, file);
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === 'win32' || (mode & OTHERS_MAY_READ) === 0) return undefined;
  const text = readFileSync(path, 'utf8');
  const isHeld = (secret: string): boolean => secret.length >= MIN_LENGTH && text.includes(secret);
  if (!secretsOf(configuration).some(isHeld)) return undefined;
  return `${file} holds secrets in plain text, and every user of this machine may read it (mode ${(mode & 0o777).toString(8)}). Run chmod 600 ${file}, or write \${NAME} for each and set it in the environment.`;
}
