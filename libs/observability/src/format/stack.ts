import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const FRAME = /^\s*at (?:(.+?) \()?(.+?):(\d+):(\d+)\)?$/;
const FOREIGN = /^node:|^internal\/|[\\/]node_modules[\\/]|^<anonymous>|^native/;

/**
 * The innermost frame of a stack that is neither Node's nor a package's, its file relative to a folder: `Grid.decide (src/grid.ts:12:5)`. Undefined
 * where there is none.
 *
 * @param folder absolute
 */
export function ownFrameOf(stack: string, folder: string = process.cwd()): string | undefined {
  for (const line of stack.split('\n')) {
    const [, name, location = '', row, column] = FRAME.exec(line) ?? [];
    const file = location.startsWith('file://') ? fileOf(location) : location.replace(/^async /, '');
    if (file === '' || FOREIGN.test(file)) continue;
    const place = `${isAbsolute(file) ? relative(folder, file) : file}:${row}:${column}`;
    return name === undefined ? place : `${name} (${place})`;
  }
  return undefined;
}

function fileOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
