import { Inject, Injectable } from '@nestjs/common';
import { EventRecorder } from '../../ingest/event-recorder';
import { settlesWithin } from '../../ingest/settles-within';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import { HostMetrics } from './host-metrics';
import { type AnyRegistry, METRICS_REGISTRY, RegisteredMetrics } from './registered-metrics';

const OURS: ReadonlySet<string> = new Set(METRIC_CATALOGUE.map(({ name }) => name));
/** The longest wait for what is shown to be in the log: a log that can't be written must not hide the metrics. */
const COMMIT_PATIENCE_MS = 1_000;

/** The metrics that are shown, by name: ours, and those of the application. */
@Injectable()
export class ShownMetrics {
  /** Reads those of the application. */
  readonly host: HostMetrics;

  constructor(
    private readonly recorder: EventRecorder,
    private readonly registered: RegisteredMetrics,
    @Inject(METRICS_REGISTRY) private readonly registry: AnyRegistry,
  ) {
    this.host = new HostMetrics(registry);
  }

  /** In the registry's order, then ours that are not in it, because another application of this process has replaced them. */
  names(): ReadonlySet<string> {
    return new Set([...this.registry.getMetricsAsArray().map(({ name }) => name), ...OURS]);
  }

  /** True for the name of a metric, ours or the application's. */
  has(name: string): boolean {
    return OURS.has(name) || this.isRegistered(name);
  }

  /** True when that metric is in the registry. */
  isRegistered(name: string): boolean {
    return this.registry.getSingleMetric(name) !== undefined;
  }

  /** True for one of ours, unless the application has one of that name, which is shown in its place. */
  isOurs(name: string): boolean {
    return OURS.has(name) && !this.registered.isForeign(name);
  }

  /** The labels that the application has set for every series. */
  commonLabels(): Readonly<Record<string, string>> {
    const { _defaultLabels = {} } = this.registry as unknown as { _defaultLabels?: Record<string, string> };
    return _defaultLabels;
  }

  /**
   * Resolves when all that was recorded before the call is in the log, or has waited long enough. A counter that a kill takes back would
   * look like a reset to zero, and everything it had counted like new.
   */
  async committed(): Promise<void> {
    await settlesWithin(
      COMMIT_PATIENCE_MS,
      this.recorder.flush().catch(() => undefined),
    );
  }
}
