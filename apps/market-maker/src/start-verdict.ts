import type { Logger } from '@nestjs/common';
import type { HealthService } from '@opensqt/observability';

const LOOK_MS = 250;
/** After so long it is worth a line that nothing is traded, and why. */
const PATIENCE_MS = 60_000;

/**
 * Logs the verdict that `/health` and the page give, too: once the bot trades, or after a minute why it does not.
 *
 * @returns ends the waiting, where trading ends before
 */
export function sayVerdict(health: Pick<HealthService, 'verdict'>, log: Pick<Logger, 'log'>): () => void {
  let looks = 0;
  const timer = setInterval(() => {
    const { verdict, title, reason } = health.verdict();
    looks += 1;
    if (verdict !== 'trading' && looks * LOOK_MS < PATIENCE_MS) return;
    clearInterval(timer);
    log.log(`${title}. ${reason}`);
  }, LOOK_MS);
  return () => clearInterval(timer);
}
