import type { INestApplication, LoggerService } from '@nestjs/common';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const EXIT_IMPATIENT = 130;

/**
 * Ends the application in order at the first SIGTERM or SIGINT: orders cancelled, alerts told or recorded, the log flushed.
 * A second signal ends the process at once.
 *
 * @returns resolves when the application has ended
 */
export function stopOnSignals(app: INestApplication, logger: LoggerService): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (stopping) process.exit(EXIT_IMPATIENT);
        stopping = true;
        logger.log(`${signal}: stopping in order; once more ends the process at once.`);
        app.close().then(resolve, reject);
      });
    }
  });
}
