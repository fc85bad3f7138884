import type { INestApplication, LoggerService } from '@nestjs/common';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const EXIT_IMPATIENT = 130;
/** npm passes a signal on that the terminal has sent to the whole group: the same wish arrives twice. */
const SAME_WISH_MS = 1_000;

/**
 * Ends the application in order at the first SIGTERM or SIGINT: orders cancelled, alerts sent or recorded, the log flushed.
 * One more signal, a second or more later, ends the process at once.
 *
 * @returns resolves when the application has ended
 */
export function stopOnSignals(app: INestApplication, logger: LoggerService): Promise<void> {
  return new Promise((resolve, reject) => {
    let askedAt: number | undefined;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (askedAt !== undefined) {
          if (performance.now() - askedAt >= SAME_WISH_MS) process.exit(EXIT_IMPATIENT);
          return;
        }
        askedAt = performance.now();
        logger.log(
          `${signal}: stopping in order. A second signal, one second or more after this one, stops it immediately.`,
        );
        app.close().then(resolve, reject);
      });
    }
  });
}
