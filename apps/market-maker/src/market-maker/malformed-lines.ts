import type { LoggerService } from '@nestjs/common';
import type { MalformedLine } from '@opensqt/trading';

const SHOWN_PER_FILE = 5;

/** Says where recordings are malformed: the first lines of a file one by one, the rest as a number. */
export class MalformedLines {
  private readonly perFile = new Map<string, number>();

  constructor(private readonly logger: LoggerService) {}

  add({ file, line, reason }: MalformedLine): void {
    const count = (this.perFile.get(file) ?? 0) + 1;
    this.perFile.set(file, count);
    if (count <= SHOWN_PER_FILE) this.logger.warn(`${file}:${line} was skipped: ${reason}`);
    else if (count === SHOWN_PER_FILE + 1)
      this.logger.warn(`${file} has more malformed lines; they are only counted.`);
  }

  /** Says how many lines were skipped in all. */
  report(): void {
    for (const [file, count] of this.perFile)
      this.logger.warn(`${file}: ${count} malformed lines were skipped.`);
  }
}
