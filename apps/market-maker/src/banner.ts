import { relative } from 'node:path';
import { enabledChannels, tokensOf, writerOf } from '@opensqt/observability/options';
import { isLoopback } from '@opensqt/observability';
import { type Configuration, DEFAULT_LOG, httpAddress } from '@opensqt/configuration';
import { VERSION } from './version';

/** Facts that are known once the process has started. */
export interface Started {
  /** The port that was bound: another than the configured one when that is 0. */
  readonly port: number;
  readonly cwd: string;
}

/** The lines of the banner: the run, and its addresses. */
export function bannerLines(configuration: Configuration, { port, cwd }: Started): readonly string[] {
  const { server, telemetry, exchange, symbols, recording, alerts } = configuration;
  const base = httpAddress(server.host, port);
  const metricsPort = telemetry.metricsPort ?? port;
  const speed = exchange.speed === 'max' ? 'as fast as it goes' : `${exchange.speed} × real time`;
  const source =
    exchange.source === 'recording'
      ? `${recording.length} recorded files`
      : `a simulated market (seed ${exchange.seed})`;
  const channels = ['log', ...(alerts.enabled ? enabledChannels(alerts) : [])];
  return [
    `OpenSQT market maker ${VERSION}: ${symbols.map(({ symbol }) => symbol).join(', ')} on exchange ${exchange.name}, ${source}, ${speed}.`,
    ...(configuration.console.enabled ? [`Page     ${base}/`] : []),
    telemetry.metricsEnabled
      ? `Metrics  ${httpAddress(server.host, metricsPort)}/metrics`
      : 'Metrics  off (telemetry.metrics_enabled)',
    `Health   ${base}/health`,
    `Alerts   ${base}/alerts, sent to ${channels.join(', ')}`,
    eventsLine(configuration, cwd),
    accessLine(configuration),
  ];
}

/** The line that says who may read and change what. */
function accessLine({ server }: Configuration): string {
  const tokens = tokensOf({ apiToken: server.token, apiTokens: server.tokens });
  const operators = tokens.filter(({ role }) => role === 'operate').map(({ name }) => name);
  const changes =
    operators.length === 0 ? 'no changes, since no token operates' : `changes by ${operators.join(', ')}`;
  const isLocal = isLoopback(server.host) && server.trustedProxies.length === 0;
  if (isLocal) return `Access   this machine reads everything; ${changes}`;
  const open = server.public.length === 0 ? 'nothing' : server.public.join(', ');
  const readers =
    tokens.length === 0 ? 'nobody, since there is none' : tokens.map(({ name }) => name).join(', ');
  return `Access   this machine reads everything, others ${open}, and the rest with a token: ${readers}; ${changes}`;
}

function eventsLine(configuration: Configuration, cwd: string): string {
  const { kind, path, schema, retention } = configuration.eventLog;
  switch (kind) {
    case 'memory':
      return 'Events   in memory only: nothing survives a restart';
    case 'sqlite': {
      const log = relative(cwd, path);
      const { archivePath: archive } = retention;
      return `Events   ${log}; read them with: ${eventsCommand({ log: log === DEFAULT_LOG ? undefined : log, archive })}`;
    }
    case 'postgres': {
      const command = eventsCommand({ log: 'URL', schema: schema === 'opensqt' ? undefined : schema });
      return `Events   in PostgreSQL, schema ${schema}, as ${writerOf(configuration)}; read them with: ${command}`;
    }
  }
}

/** The command that prints the log, with the options that it needs to find it. */
function eventsCommand(options: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${forShell(value)}`],
  );
  return ['npm run -s events', ...(given.length === 0 ? [] : ['--', ...given])].join(' ');
}

function forShell(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
