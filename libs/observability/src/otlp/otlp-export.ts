import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { type Clock, formatDuration } from '@opensqt/trading-events';
import { InjectEventLog } from '../ingest/event-log';
import { EventRecorder } from '../ingest/event-recorder';
import { settlesWithin } from '../ingest/settles-within';
import { networkOf } from '../network/network';
import type { ResolvedOptions } from '../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { type Destination, destinationOf } from './destination';
import { ExportStatus } from './export-status';
import { EXPORT_CLOCK, ExportedMetrics } from './exported-metrics';
import type { Outcome } from './outcome';

/** While the log is replayed it is looked again this soon (ms). */
const STARTING_INTERVAL_MS = 1_000;
/** The end of the process waits for its last export at most so long (ms). */
const LAST_EXPORT_MS = 2_000;

const PACKAGES =
  '@opentelemetry/api @opentelemetry/otlp-transformer @opentelemetry/resources @opentelemetry/sdk-metrics';

/**
 * Exports the metrics to a collector by OTLP/HTTP, one export at a time. What can't be sent is dropped: the next export has all of it.
 * Whatever goes wrong is logged once and shown in `/health`, and has no other effect.
 */
@Injectable()
export class OtlpExport
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger('Metrics');
  private readonly destination: Destination | undefined;
  private readonly stopping = new AbortController();
  private packages: Packages | undefined;
  /** Sends the metrics as they are; absent where they are not exported. */
  private sent?: (signal: AbortSignal) => Promise<Outcome>;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @InjectEventLog() private readonly log: EventLog,
    private readonly recorder: EventRecorder,
    private readonly metrics: ExportedMetrics,
    private readonly status: ExportStatus,
    @Inject(EXPORT_CLOCK) private readonly clock: Clock,
  ) {
    this.destination = destinationOf(options.telemetry.otlp, process.env);
  }

  async onModuleInit(): Promise<void> {
    if (this.destination !== undefined) this.packages = await loadPackages();
  }

  onApplicationBootstrap(): void {
    const { destination, packages, options, log } = this;
    if (destination === undefined || packages === undefined) return;
    const { name: bot, version, alerts, telemetry } = options;
    const origin = { bot, version, writer: log.writer };
    const sender = new packages.Sender(destination, telemetry.otlp, networkOf(alerts), origin, this.clock);
    this.sent = async (signal) => sender.send(await this.metrics.read(packages.metricDataOf), signal);
    this.status.begin();
    this.next(0);
  }

  /** The last export runs beside whatever else ends in order. */
  beforeApplicationShutdown(): void {
    if (this.stopping.signal.aborted) return;
    clearTimeout(this.timer);
    this.stopping.abort();
    this.running = this.running.then(() => this.export(AbortSignal.timeout(LAST_EXPORT_MS)));
  }

  async onApplicationShutdown(): Promise<void> {
    await settlesWithin(LAST_EXPORT_MS, this.running);
  }

  private next(inMs: number): void {
    this.timer = setTimeout(() => {
      this.running = this.exportAndGoOn();
    }, inMs);
    this.timer.unref();
  }

  private async exportAndGoOn(): Promise<void> {
    const begunAt = performance.now();
    const { interval } = this.options.telemetry.otlp;
    const outcome = await this.export(this.stopping.signal);
    if (this.stopping.signal.aborted) return;
    if (outcome === undefined) return this.next(Math.min(interval, STARTING_INTERVAL_MS));
    const pause = outcome.kind === 'failed' ? (outcome.pauseMs ?? 0) : 0;
    this.next(Math.max(0, interval - (performance.now() - begunAt), pause));
  }

  /** Never throws: whatever goes wrong with an export is contained here. Undefined while the log is replayed. */
  private async export(signal: AbortSignal): Promise<Outcome | undefined> {
    if (this.sent === undefined || this.recorder.replay.state !== 'done') return undefined;
    const outcome = await this.sent(signal).catch((error: unknown): Outcome => ({
      kind: 'failed',
      reason: `they could not be read: ${String(error)}`,
    }));
    const isCutShort = signal === this.stopping.signal && signal.aborted;
    if (!isCutShort && this.status.add(outcome, this.clock.now())) this.report(outcome);
    return outcome;
  }

  private report(outcome: Outcome): void {
    const host = this.destination?.url.host ?? '';
    const each = `each ${formatDuration(this.options.telemetry.otlp.interval)}`;
    switch (outcome.kind) {
      case 'sent':
        return this.logger.log(`The metrics are exported to ${host} ${each}.`);
      case 'partial':
        return this.logger.warn(
          `The metrics are exported to ${host} in part: ${outcome.reason}. Said once until it takes all of them.`,
        );
      case 'failed':
        return this.logger.warn(
          `The metrics could not be exported to ${host}: ${outcome.reason}. All of them are sent anew ${each}; said once until they arrive.`,
        );
    }
  }
}

type Packages = Awaited<ReturnType<typeof loadPackages>>;

/** The packages, which only an application that exports installs. */
async function loadPackages() {
  try {
    return { ...(await import('./metric-data.js')), ...(await import('./sender.js')) };
  } catch (cause) {
    throw new Error(`telemetry.otlp needs packages: npm install ${PACKAGES}.`, { cause });
  }
}
