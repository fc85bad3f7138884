/**
 * Registers OpenTelemetry's global MeterProvider at once: imported before everything else, it makes instruments appear that other
 * modules make when they are imported. Show them with `telemetry.openTelemetry`.
 *
 * @example
 * import '@opensqt/observability/telemetry'; // or: node --require @opensqt/observability/telemetry main.js
 */
import { registerEarly } from './metrics/registry/global-meters';

registerEarly();
