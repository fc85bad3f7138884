import type { INestApplication, LoggerService } from '@nestjs/common';
import { formatDuration } from '@opensqt/trading-events';

/** SIGHUP: the terminal or the session that it was started from is closed. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const EXIT_IMPATIENT = 130;
const EXIT_LATE = 1;
/** npm passes a signal on that the terminal has sent to the whole group: the same wish arrives twice. */
const SAME_WISH_MS = 1_000;
/** Container runtimes kill 10 s after they asked. */
const PATIENCE_MS = 9_500;

/**
 * Ends the application in order at the first SIGTERM, SIGINT or SIGHUP: orders cancelled, alerts sent or recorded, the log flushed.
 * One more signal, a second or more later, ends the process at once, and so do 9.5 s in which that was not done.
 *
 * @param started resolves, or rejects, once the application can be closed
 * @returns resolves when the application has ended
 */
export function stopOnSignals(
  app: INestApplication,
  started: Promise<unknown>,
  logger: LoggerService,
): Promise<void> {
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
        setTimeout(() => {
          logger.error?.(
            `Not everything could be ended within ${formatDuration(PATIENCE_MS)}. What was not written to the event log is lost; alerts that were not sent wait for the next start.`,
          );
          process.exit(EXIT_LATE);
        }, PATIENCE_MS).unref();
        started
          .catch(() => undefined)
          .then(() => app.close())
          .then(resolve, reject);
      });
    }
  });
}
