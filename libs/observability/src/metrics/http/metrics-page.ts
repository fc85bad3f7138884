import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Registry, register } from 'prom-client';
import { EventRecorder } from '../../ingest/event-recorder';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import { METRICS_SOURCE } from '../registry/metric-providers';
import type { MetricsSource } from '../catalogue/metrics-source';
import { MetricsText } from '../text/metrics-text';
import { OpenTelemetryMetrics } from '../registry/open-telemetry';
import { RegisteredMetrics } from '../registry/registered-metrics';
import { TimeSlice } from '../text/time-slice';

/** An answer to a scrape. */
export interface MetricsAnswer {
  readonly status: 200 | 503;
  readonly contentType: string;
  /** UTF-8, in pieces that are cheap to send one by one. */
  readonly body: readonly Buffer[];
}

/** Injection token of a boolean: true when the application's own port serves `/metrics`. */
export const METRICS_ON_APPLICATION = Symbol('METRICS_ON_APPLICATION');

const TEXT = 'text/plain; charset=utf-8';
/** A large scrape gives way to trading after so long; well under the 10 ms that it may hold it up. */
const SLICE_MS = 3;

/**
 * Renders `/metrics`, whichever listener asks: prom-client's global registry, then OpenTelemetry's instruments. Our own
 * metrics are written by ourselves, where prom-client would write each line anew; the text is the same.
 */
@Injectable()
export class MetricsPage {
  private readonly logger = new Logger('Metrics');
  private readonly text = new MetricsText((metric, error) =>
    this.logger.error(`${metric} could not be read and is shown without samples: ${String(error)}`),
  );
  private rendering: Promise<readonly Buffer[]> | undefined;

  constructor(
    private readonly recorder: EventRecorder,
    private readonly openTelemetry: OpenTelemetryMetrics,
    private readonly registered: RegisteredMetrics,
    @Inject(METRICS_ON_APPLICATION) readonly onApplication: boolean,
    @Inject(METRICS_SOURCE) private readonly source: () => MetricsSource,
  ) {}

  /** Scrapes that come while one is rendered share it. */
  async render(): Promise<MetricsAnswer> {
    const { replay } = this.recorder;
    if (replay.state === 'running') {
      return unavailable(
        `The event log is being replayed (position ${replay.position}); counters are not whole yet. Ask again.\n`,
      );
    }
    if (replay.state === 'failed') {
      return unavailable(`The event log could not be replayed: ${replay.error.message}\n`);
    }
    this.rendering ??= this.renderAll().finally(() => (this.rendering = undefined));
    return { status: 200, contentType: register.contentType, body: await this.rendering };
  }

  private async renderAll(): Promise<readonly Buffer[]> {
    const instruments = await this.openTelemetry.render();
    if (changesOurLines(register)) return [Buffer.from((await register.metrics()) + instruments)];
    const slice = new TimeSlice(SLICE_MS);
    await this.text.sample(this.source(), slice);
    const body: Buffer[] = [];
    let between = '';
    for (const name of this.names()) {
      const pieces =
        this.text.has(name) && !this.registered.isForeign(name)
          ? this.text.pieces(name, slice)
          : [await register.getSingleMetricAsString(name)];
      for await (const piece of pieces) {
        body.push(Buffer.from(between + piece));
        between = '';
      }
      between = '\n\n';
    }
    body.push(Buffer.from(`\n${instruments}`));
    return body;
  }

  /** In the registry's order, then ours that are not in it, because another application of this process has replaced them. */
  private names(): ReadonlySet<string> {
    return new Set([...register.getMetricsAsArray(), ...METRIC_CATALOGUE].map(({ name }) => name));
  }
}

function unavailable(why: string): MetricsAnswer {
  return { status: 503, contentType: TEXT, body: [Buffer.from(why)] };
}

/** Labels for every line, or the other text format: then prom-client writes all of it. */
function changesOurLines(registry: Registry): boolean {
  const { _defaultLabels = {} } = registry as unknown as { _defaultLabels?: object };
  return Object.keys(_defaultLabels).length > 0 || !registry.contentType.includes('version=0.0.4');
}
