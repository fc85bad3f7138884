import { Logger } from '@nestjs/common';

/** A logger for loops that must go on: when its output throws, the line is lost and the loop lives. */
export class ContainedLogger extends Logger {
  override warn(message: string): void {
    contained(() => super.warn(message));
  }

  override error(message: string): void {
    contained(() => super.error(message));
  }
}

function contained(write: () => void): void {
  try {
    write();
  } catch {
    // Nothing is left to report it to.
  }
}
