import '@opensqt/observability/telemetry';
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { EventLog } from '@opensqt/event-log';
import { Access, EVENT_LOG, HealthService, boundConnections } from '@opensqt/observability';
import {
  type Configuration,
  ConfigurationError,
  type ConfigurationSource,
  EXIT,
  UsageError,
  exposedSecrets,
  loadConfiguration,
  parseArguments,
  renderConfigurationError,
  secretsOf,
} from '@opensqt/configuration';
import { escapeControls } from '@opensqt/trading-events';
import { AppModule } from './app.module';
import { bannerLines } from './banner';
import { underBasePath } from './http/base-path';
import { refuseForeignRequests } from './http/foreign-requests';
import { surviveClosedOutput } from './logging/closed-output';
import { createLogger } from './logging/process-logger';
import { MarketMakerRunner } from './market-maker/market-maker.runner';
import { sayVerdict } from './start-verdict';
import { stopOnSignals } from './stop-on-signals';

const HELP = `Usage: npm start [-- --config FILE]

Runs the market maker and serves its metrics, health and alerts.

  --config FILE  configuration to read; config.yaml where there is one, otherwise the defaults
  --help         show this
`;

async function main(): Promise<void> {
  surviveClosedOutput();
  try {
    const { values } = parseArguments({
      options: { config: { type: 'string' }, help: { type: 'boolean', default: false } },
    });
    if (values.help) process.stdout.write(HELP);
    else await run({ file: values.config, env: process.env, cwd: process.cwd() });
  } catch (error) {
    if (error instanceof UsageError) refuse(EXIT.usage, `${error.message}\n\n${HELP}`);
    else if (error instanceof ConfigurationError)
      refuse(EXIT.configuration, `${renderConfigurationError(error)}\n`);
    else throw error;
  }
}

function refuse(status: number, text: string): void {
  process.stderr.write(escapeControls(text));
  process.exitCode = status;
}

async function run(source: ConfigurationSource): Promise<void> {
  const configuration = loadConfiguration(source);
  const logger = createLogger({ terminal: process.stdout.isTTY, secrets: secretsOf(configuration) });
  const log = new Logger('Main');
  try {
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(configuration), {
      logger,
      abortOnError: false,
    });
    app.disable('x-powered-by');
    boundConnections(app.getHttpServer());
    const access = app.get(Access);
    app.set('trust proxy', [...configuration.server.trustedProxies]);
    app.use(refuseForeignRequests(configuration.server, access));
    app.use(underBasePath(configuration.server.basePath, access));
    const warning = exposedSecrets(source, configuration);
    if (warning !== undefined) log.warn(warning);
    const started = listen(app, configuration);
    const stopped = stopOnSignals(app, started, log);
    const port = await started;
    for (const line of bannerLines(configuration, { port, cwd: process.cwd() })) log.log(line);
    const endOfStart = sayVerdict(app.get(HealthService), log);
    if (!(await app.get(MarketMakerRunner).run())) process.exitCode = EXIT.failure;
    endOfStart();
    if (configuration.exchange.whenFinished === 'exit') await app.close();
    else await stopped;
    if (app.get<EventLog>(EVENT_LOG).status().failure !== undefined) process.exitCode = EXIT.failure;
  } catch (error) {
    log.fatal(error instanceof Error ? error.message : String(error));
    process.exit(EXIT.failure);
  }
}

/** @returns the port, useful when 0 was asked for */
async function listen(app: NestExpressApplication, { server }: Configuration): Promise<number> {
  const { host, port } = server;
  await app.init();
  await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `Cannot listen on ${host}:${port} (${error.code ?? error.message}). Choose another server.port, or stop what uses this one.`,
      { cause: error },
    );
  });
  return (app.getHttpServer().address() as AddressInfo).port;
}

void main();
