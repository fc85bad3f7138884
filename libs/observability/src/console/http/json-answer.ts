import { StreamableFile } from '@nestjs/common';
import { ConsoleProblem } from './console-problem';

/**
 * An answer that is JSON already.
 *
 * @throws ConsoleProblem where there is no such thing
 */
export function jsonOf(answer: string | undefined): StreamableFile {
  if (answer === undefined) throw new ConsoleProblem(404, 'NOT_FOUND', 'The log has no such thing.');
  const body = Buffer.from(answer);
  return new StreamableFile(body, { type: 'application/json; charset=utf-8', length: body.byteLength });
}
