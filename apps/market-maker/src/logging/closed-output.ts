import type { Writable } from 'node:stream';

/**
 * Keeps the process alive when nobody reads its output any more (`| head`, a closed terminal) or the disk behind it is
 * full. Without a listener the stream's error would end the process, and trading must not depend on its log being read.
 *
 * @param outputs the streams that are logged to
 */
export function surviveClosedOutput(outputs: readonly Writable[] = [process.stdout, process.stderr]): void {
  for (const output of outputs) output.on('error', ignore);
}

function ignore(): void {
  // There is nowhere left to report it to.
}
