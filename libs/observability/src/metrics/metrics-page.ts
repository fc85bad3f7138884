import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';
import { EventRecorder } from '../intake/event-recorder';
import { OpenTelemetryMetrics } from './open-telemetry';

/** An answer to a scrape. */
export interface MetricsAnswer {
  readonly status: 200 | 500 | 503;
  readonly contentType: string;
  readonly body: string;
}

/** Injection token: whether the application's own port serves `/metrics`. */
export const METRICS_ON_APPLICATION = Symbol('METRICS_ON_APPLICATION');

const TEXT = 'text/plain; charset=utf-8';

/** What `/metrics` serves, whichever listener asks: prom-client's global registry, then OpenTelemetry's instruments. */
@Injectable()
export class MetricsPage {
  constructor(
    private readonly recorder: EventRecorder,
    private readonly openTelemetry: OpenTelemetryMetrics,
    @Inject(METRICS_ON_APPLICATION) readonly onApplication: boolean,
  ) {
    if (register.getSingleMetric('process_cpu_seconds_total') === undefined) collectDefaultMetrics();
  }

  async render(): Promise<MetricsAnswer> {
    const { replay } = this.recorder;
    if (replay.state === 'running') {
      const body = `The event log is being replayed (position ${replay.position}); counters are not whole yet. Ask again.\n`;
      return { status: 503, contentType: TEXT, body };
    }
    if (replay.state === 'failed') {
      return {
        status: 503,
        contentType: TEXT,
        body: `The event log could not be replayed: ${replay.error.message}\n`,
      };
    }
    const [ours, instruments] = await Promise.all([register.metrics(), this.openTelemetry.render()]);
    return { status: 200, contentType: register.contentType, body: ours + instruments };
  }
}
