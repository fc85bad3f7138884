import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { EventRecorder } from '../../ingest/event-recorder';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import { METRICS_SOURCE } from '../registry/metric-providers';
import type { MetricsSource } from '../catalogue/metrics-source';
import { writesOpenMetrics } from '../registry/host-metrics';
import { Exemplars } from '../text/exemplars';
import type { Format } from '../text/metric-samples';
import { MetricsText } from '../text/metrics-text';
import { type MetricsFormat, formatFor, takesGzip } from '../text/negotiation';
import { EOF, asOpenMetrics } from '../text/open-metrics';
import { OpenTelemetryMetrics } from '../registry/open-telemetry';
import { type AnyRegistry, METRICS_REGISTRY } from '../registry/registered-metrics';
import { ShownMetrics } from '../registry/shown-metrics';
import { TimeSlice } from '../text/time-slice';

/** An answer to a scrape. */
export interface MetricsAnswer {
  readonly status: 200 | 503;
  readonly contentType: string;
  /** The body is compressed. */
  readonly encoding?: 'gzip';
  /** UTF-8 where it is not compressed, in pieces that are cheap to send one by one. */
  readonly body: readonly Buffer[];
}

/** The wishes of whoever scrapes, as HTTP's headers have them. Nothing said is the registry's format. */
export interface MetricsRequest {
  readonly accept?: string | undefined;
  readonly acceptEncoding?: string | undefined;
}

const BUCKETS = new Map(
  METRIC_CATALOGUE.flatMap((metric) => (metric.type === 'histogram' ? [[metric.name, metric.buckets]] : [])),
);

/** Injection token of a boolean: true when the application's own port serves `/metrics`. */
export const METRICS_ON_APPLICATION = Symbol('METRICS_ON_APPLICATION');

const TEXT = 'text/plain; charset=utf-8';
const CONTENT_TYPES: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};
const compress = promisify(gzip);
/** A large scrape gives way to trading after so long; well under the 10 ms that it may hold it up. */
const SLICE_MS = 3;

/**
 * Renders `/metrics`, whichever listener asks: the registry's metrics, then OpenTelemetry's instruments. Our own
 * metrics are written by ourselves, where prom-client would write each line anew; the text is the same. What is shown of logged events is in
 * the log.
 */
@Injectable()
export class MetricsPage {
  private readonly logger = new Logger('Metrics');
  private readonly exemplars = new Exemplars((metric) => BUCKETS.get(metric));
  private readonly texts: Readonly<Record<MetricsFormat, MetricsText>>;
  /** By format, and whether it is compressed. */
  private readonly rendering = new Map<string, Promise<readonly Buffer[]>>();

  constructor(
    private readonly recorder: EventRecorder,
    private readonly openTelemetry: OpenTelemetryMetrics,
    private readonly shown: ShownMetrics,
    @Inject(METRICS_ON_APPLICATION) readonly onApplication: boolean,
    @Inject(METRICS_SOURCE) private readonly source: () => MetricsSource,
    @Inject(METRICS_REGISTRY) private readonly registry: AnyRegistry,
  ) {
    this.texts = {
      text: this.textIn({ name: 'text', isTaken: () => false }),
      openmetrics: this.textIn({
        name: 'openmetrics',
        isTaken: (name) => shown.has(name),
        exemplars: this.exemplars,
      }),
    };
    recorder.onCommitted((record) => this.exemplars.add(record));
  }

  /** Scrapes that come while one is rendered share it. */
  async render({ accept, acceptEncoding }: MetricsRequest = {}): Promise<MetricsAnswer> {
    const { replay } = this.recorder;
    if (replay.state === 'running') {
      return unavailable(
        `The event log is being replayed (position ${replay.position}); counters are not whole yet. Ask again.\n`,
      );
    }
    if (replay.state === 'failed') {
      return unavailable(`The event log could not be replayed: ${replay.error.message}\n`);
    }
    const format = formatFor(accept, writesOpenMetrics(this.registry) ? 'openmetrics' : 'text');
    const contentType = CONTENT_TYPES[format];
    const plain = (): Promise<readonly Buffer[]> => this.shared(format, () => this.renderAll(format));
    if (!takesGzip(acceptEncoding)) return { status: 200, contentType, body: await plain() };
    const body = await this.shared(`${format} gzip`, async () => [
      await compress(Buffer.concat(await plain())),
    ]);
    return { status: 200, contentType, encoding: 'gzip', body };
  }

  private shared(key: string, render: () => Promise<readonly Buffer[]>): Promise<readonly Buffer[]> {
    let rendering = this.rendering.get(key);
    if (rendering === undefined) {
      rendering = render().finally(() => this.rendering.delete(key));
      this.rendering.set(key, rendering);
    }
    return rendering;
  }

  private async renderAll(format: MetricsFormat): Promise<readonly Buffer[]> {
    const { shown } = this;
    const names = shown.names();
    const text = this.texts[format];
    const isOpen = format === 'openmetrics';
    const written = (block: string): string =>
      isOpen ? asOpenMetrics(block, (name) => names.has(name)) : block;
    // Labels for every line: then prom-client writes all of it.
    const byPromClient = Object.keys(shown.commonLabels()).length > 0;
    const isOurs = (name: string): boolean => !byPromClient && shown.isOurs(name);
    const [host, instruments] = await Promise.all([
      shown.host.texts([...names].filter((name) => !isOurs(name) && shown.isRegistered(name))),
      this.openTelemetry.render(names),
    ]);
    const slice = new TimeSlice(SLICE_MS);
    await text.sample(this.source(), slice);
    await shown.committed();
    const body: Buffer[] = [];
    let between = '';
    for (const name of names) {
      const theirs = host.get(name);
      const pieces = isOurs(name) ? text.pieces(name, slice) : theirs === undefined ? [] : [written(theirs)];
      for await (const piece of pieces) {
        body.push(Buffer.from(between + piece));
        between = '';
      }
      if (body.length > 0) between = isOpen ? '\n' : '\n\n';
    }
    const others = written(instruments);
    body.push(Buffer.from(isOpen ? `\n${others}${others === '' ? '' : '\n'}${EOF}` : `\n${others}`));
    return body;
  }

  private textIn(format: Format): MetricsText {
    return new MetricsText(
      (metric, error) =>
        this.logger.error(`${metric} could not be read and is shown without samples: ${String(error)}`),
      format,
    );
  }
}

function unavailable(why: string): MetricsAnswer {
  return { status: 503, contentType: TEXT, body: [Buffer.from(why)] };
}
