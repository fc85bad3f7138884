import { TIMER_MAX, choice, duration, flag, httpUrl } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { httpHeaders } from './http-headers.option';

/** The export of the metrics by OTLP/HTTP. In somebody's application the variables are those of its own exporters: they are read if asked. */
export const otlpOptions = (isOwnProcess: boolean) =>
  z
    .strictObject({
      /** The collector, such as `http://127.0.0.1:4318`: the metrics go to `v1/metrics` below it, or to the address itself where it ends in that. Absent: no export. */
      endpoint: httpUrl('the http or https URL of a collector, such as http://127.0.0.1:4318').optional(),
      /** Headers of each request, such as `Authorization`. */
      headers: httpHeaders.optional(),
      /** The interval of the exports. @unit ms @default '30s' */
      interval: duration({ min: '100ms', max: TIMER_MAX }).prefault('30s'),
      /** An export that takes longer is abandoned; the next one sends all of it. @unit ms @default '10s' */
      timeout: duration({ min: '100ms', max: TIMER_MAX }).prefault('10s'),
      /** `gzip` where the collector takes it. @default 'none' */
      compression: choice(['none', 'gzip']).prefault('none'),
      /** Keys that are absent here are read from `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_METRICS_HEADERS` and `OTEL_EXPORTER_OTLP_HEADERS`. @default false in an application, true in a file */
      environment: flag.prefault(isOwnProcess),
    })
    .prefault({});

export type ResolvedOtlp = z.output<ReturnType<typeof otlpOptions>>;
