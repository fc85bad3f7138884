import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import type { ResolvedOptions } from '../options/observability-options';

/** An application that calls `enableShutdownHooks()` after `init` has done so by then (ms). */
const PATIENCE_MS = 1_000;

/** Warns when nothing in the process listens to SIGTERM: it would end with events that are not written yet, and nothing would say so. */
@Injectable()
export class ShutdownHooks implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Observability');
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions) {}

  onApplicationBootstrap(): void {
    if (this.options.eventLog.kind === 'memory') return; // ends with the process in any case
    this.timer = setTimeout(() => this.check(), PATIENCE_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }

  private check(): void {
    if (process.listenerCount('SIGTERM') > 0) return;
    this.logger.warn(
      'Nothing listens to SIGTERM: a process that is stopped loses its last events, and alerts that are about to be sent wait for the next start. ' +
        'Call app.enableShutdownHooks() before app.listen().',
    );
  }
}
