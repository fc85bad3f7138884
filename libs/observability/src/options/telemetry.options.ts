import { duration, flag, listeningPort, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { otlpOptions } from './otlp.options';

/** `/metrics`. A process of our own shows all there is; in somebody's application nothing global is touched unless asked. */
export const telemetryOptions = (isOwnProcess: boolean) =>
  z
    .strictObject({
      /** Serves `/metrics`. @default true */
      metricsEnabled: flag.prefault(true),
      /** Serves `/metrics` on this port of the same host, and only there. Absent: on `server.port`. */
      metricsPort: listeningPort.optional(),
      /** Host of the listener at `metricsPort`; in a file the server's. @default '127.0.0.1' */
      metricsHost: text({ allowed: 'a host name or an IP address' })
        .prefault('127.0.0.1')
        .meta({ codeOnly: true }),
      /** Shows Node's own metrics (memory, event loop, garbage collection) too. @default false in an application, true in a file */
      defaultMetrics: flag.prefault(isOwnProcess),
      /** Makes a global MeterProvider of OpenTelemetry whose instruments `/metrics` shows too. @default false in an application, true in a file */
      openTelemetry: flag.prefault(isOwnProcess),
      /** Exports all that `/metrics` shows by OTLP/HTTP. */
      otlp: otlpOptions(isOwnProcess),
      /** Without a price for this long a market stream counts as stale in `/health`. @unit ms @default '5m' */
      staleAfter: duration({ min: '1ms' }).prefault('5m'),
    })
    .prefault({})
    .describe('Metrics.');
