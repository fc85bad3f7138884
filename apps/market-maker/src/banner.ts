import { relative } from 'node:path';
import { enabledChannels } from '@opensqt/observability/options';
import type { Configuration } from '@opensqt/configuration';
import { VERSION } from './version';

/** Facts that are known once the process has started. */
export interface Started {
  /** The port that was bound: another than the configured one when that is 0. */
  readonly port: number;
  readonly cwd: string;
}

/** The lines of the banner: the run, and its addresses. */
export function bannerLines(configuration: Configuration, { port, cwd }: Started): readonly string[] {
  const { server, telemetry, eventLog: log, exchange, symbols, recording, alerts } = configuration;
  const base = `http://${server.host}:${port}`;
  const metricsPort = telemetry.metricsPort ?? port;
  const speed = exchange.speed === 'max' ? 'as fast as it goes' : `${exchange.speed} × real time`;
  const source =
    exchange.source === 'recording'
      ? `${recording.length} recorded files`
      : `a simulated market (seed ${exchange.seed})`;
  const channels = ['log', ...(alerts.enabled ? enabledChannels(alerts) : [])];
  return [
    `OpenSQT market maker ${VERSION}: ${symbols.map(({ symbol }) => symbol).join(', ')} on exchange ${exchange.name}, ${source}, ${speed}.`,
    telemetry.metricsEnabled
      ? `Metrics  http://${server.host}:${metricsPort}/metrics`
      : 'Metrics  off (telemetry.metrics_enabled)',
    `Health   ${base}/health`,
    `Alerts   ${base}/alerts, sent to ${channels.join(', ')}`,
    eventsLine(log, cwd),
  ];
}

function eventsLine({ kind, path, schema, writer }: Configuration['eventLog'], cwd: string): string {
  switch (kind) {
    case 'memory':
      return 'Events   in memory only: nothing survives a restart';
    case 'sqlite':
      return `Events   ${relative(cwd, path)}; read them with: npm run -s events`;
    case 'postgres':
      return `Events   in PostgreSQL, schema ${schema}, as ${writer}; read them with: npm run -s events -- --log URL`;
  }
}
