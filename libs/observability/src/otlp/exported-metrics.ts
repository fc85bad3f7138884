import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@opensqt/trading-events';
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { METRIC_CATALOGUE } from '../metrics/catalogue/metric-catalogue';
import type { MetricDefinition } from '../metrics/catalogue/metric-definition';
import type { MetricsSource } from '../metrics/catalogue/metrics-source';
import { METRICS_SOURCE } from '../metrics/registry/metric-providers';
import { type Samples, samplesOf } from '../metrics/registry/metric-view';
import { OpenTelemetryMetrics } from '../metrics/registry/open-telemetry';
import { ShownMetrics } from '../metrics/registry/shown-metrics';
import { TimeSlice } from '../metrics/text/time-slice';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import type { ResolvedOptions } from '../options/observability-options';
import { beginOf } from './begins';
import type { metricDataOf } from './metric-data';

/** Injection token of the clock that collectors go by: the wall clock, also where decisions have another. */
export const EXPORT_CLOCK = Symbol('EXPORT_CLOCK');

/** Metrics are made for so long (ms) before whatever else is due comes in between. */
const SLICE_MS = 3;

/** All that `/metrics` shows, as OpenTelemetry has it. */
@Injectable()
export class ExportedMetrics {
  private readonly startedAt: number;

  constructor(
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(METRICS_SOURCE) private readonly source: () => MetricsSource,
    private readonly shown: ShownMetrics,
    private readonly openTelemetry: OpenTelemetryMetrics,
    @Inject(EXPORT_CLOCK) private readonly clock: Clock,
  ) {
    this.startedAt = clock.now();
  }

  /**
   * The metrics by scope: ours, those of the application's registry, and each of OpenTelemetry's. What they say of logged events is in the log.
   *
   * @param convert makes a metric of samples
   */
  async read(convert: typeof metricDataOf): Promise<readonly ScopeMetrics[]> {
    const { shown } = this;
    const theirs = [...shown.names()].filter((name) => !shown.isOurs(name) && shown.isRegistered(name));
    const [host, instruments] = await Promise.all([
      shown.host.samples(theirs),
      this.openTelemetry.collect() as Promise<readonly ScopeMetrics[]>,
    ]);
    const source = this.source();
    const slice = new TimeSlice(SLICE_MS);
    const own: [MetricDefinition, Samples][] = [];
    for (const definition of METRIC_CATALOGUE) {
      if (!shown.isOurs(definition.name)) continue;
      own.push([definition, samplesOf(definition, () => source)]);
      if (slice.isOver()) await slice.next();
    }
    await shown.committed();
    const { startedAt } = this;
    const begins = { log: startedAt, live: startedAt, ...source.state.begins, process: startedAt };
    const processStart = Math.round(performance.timeOrigin);
    // After all is committed: nothing may have begun later than the time that it is of.
    const moment = { now: this.clock.now(), labels: shown.commonLabels() };
    const converted = async (metrics: readonly (readonly [Samples, start: number])[]) => {
      const data: MetricData[] = [];
      for (const [samples, start] of metrics) {
        data.push(...convert(samples, { ...moment, start }));
        if (slice.isOver()) await slice.next();
      }
      return data;
    };
    return [
      {
        scope: { name: '@opensqt/observability', version: this.options.version },
        metrics: await converted(own.map(([definition, one]) => [one, beginOf(definition, begins)])),
      },
      {
        scope: { name: 'prom-client' },
        metrics: await converted([...host.values()].map((one) => [one, processStart])),
      },
      ...instruments,
    ];
  }
}
