import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REPOSITORY = join(__dirname, '../../..');

export function inRepository(path: string): string {
  return join(REPOSITORY, path);
}

export function read(path: string): string {
  return readFileSync(inRepository(path), 'utf8');
}
