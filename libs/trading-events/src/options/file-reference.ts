import { readFileSync } from 'node:fs';

/** The place of a value that is kept in a file: `{ file: '/run/secrets/token' }`. */
export interface FileReference {
  /** The path of a text file, UTF-8; a relative one starts from the working directory. Read once, at the start. */
  readonly file: string;
}

/** The text of a file, or the reason that it can't be read, completing "found: …". */
export type FileContent = { readonly text: string } | { readonly problem: string; readonly cause?: unknown };

/** True for a map whose only key is `file`. */
export function isFileReference(value: unknown): value is FileReference {
  if (typeof value !== 'object' || value === null) return false;
  const [[key, path] = [], ...rest] = Object.entries(value);
  return rest.length === 0 && key === 'file' && typeof path === 'string';
}

/** The text of a file, or the reason that it can't be read. */
export function textIn(path: string): FileContent {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    return { problem: describeFailure((cause as NodeJS.ErrnoException).code), cause };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? { problem: 'something that is not text' } : { text };
  } catch (cause) {
    return { problem: 'something that is not text', cause };
  }
}

/** The reason that a file can't be read, by the code of its error. */
export function describeFailure(code: string | undefined): string {
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
