import { duration, flag, listeningPort, text } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** `/metrics`. */
export const telemetryOptions = z
  .strictObject({
    /** Serves `/metrics`. @default true */
    metricsEnabled: flag.prefault(true).describe('Whether `/metrics` is served.'),
    /** Serves `/metrics` on a listener of its own, and only there. Absent: on the application's port. */
    metricsPort: listeningPort
      .optional()
      .describe('Serve `/metrics` on this port of the same host, and only there. Absent: on `server.port`.'),
    /** Host of the listener at `metricsPort`; in a file the server's. @default '127.0.0.1' */
    metricsHost: text({ allowed: 'a host name or an IP address' })
      .prefault('127.0.0.1')
      .meta({ codeOnly: true }),
    /** Without a price for this long a market stream is stale: milliseconds, or a text such as `5m`. @default '5m' */
    staleAfter: duration({ min: '1ms' })
      .prefault('5m')
      .describe('Without a price for this long a market stream counts as stale in `/health`.'),
  })
  .prefault({})
  .describe('Metrics.');
