import { TradingError } from '../../trading-error';
import { decompressedChunks } from './decompressed-chunks';

/** The longest line of a known format is far shorter; more than that is a file of something else, or a decompression bomb. */
const MAX_LINE = 64 * 1_024;
/** Stands for a line that was too long. */
export const TOO_LONG = Symbol('too long');

export type Line = string | typeof TOO_LONG;

/**
 * The lines of a file, a batch at a time, in bounded memory.
 *
 * @throws TradingError `RECORDING_UNREADABLE`
 */
export async function* recordedLines(
  path: string,
  onDamage: (reason: string) => void,
): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let skipping = false;
  try {
    for await (const chunk of decompressedChunks(path, onDamage)) {
      const lines: Line[] = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = String(lines.pop());
      if (skipping && lines.length > 0) {
        lines.shift();
        skipping = false;
      }
      if (skipping) rest = '';
      else if (rest.length > MAX_LINE) {
        rest = '';
        skipping = true;
        lines.push(TOO_LONG);
      }
      yield lines.map((line) => (line !== TOO_LONG && line.length > MAX_LINE ? TOO_LONG : line));
    }
  } catch (error) {
    if (error instanceof TradingError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TradingError(
      'RECORDING_UNREADABLE',
      `The recording ${path} can't be read: ${why}. Check the path and the permissions.`,
      { cause: error },
    );
  }
  if (rest !== '') yield [rest];
}
