import type { Writable } from 'node:stream';
import { surviveBrokenOutput } from '@opensqt/observability';

/**
 * Keeps the process alive when nobody reads its output any more (`| head`, a closed terminal) or the disk behind it is
 * full. Without a listener the stream's error would end the process, and trading must not depend on its log being read.
 *
 * @param outputs the streams that are logged to
 */
export function surviveClosedOutput(outputs: readonly Writable[] = [process.stdout, process.stderr]): void {
  outputs.forEach(surviveBrokenOutput);
}
