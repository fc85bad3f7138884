import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { EventLog } from '@opensqt/event-log';
import { EVENT_LOG } from '@opensqt/observability';
import { AppModule } from './app.module';
import { bannerLines } from './banner';
import { USAGE, readCommandLine } from './command-line';
import { ConfigurationError, renderConfigurationError } from '@opensqt/configuration';
import type { Configuration } from '@opensqt/configuration';
import { loadConfiguration } from '@opensqt/configuration';
import { secretsOf } from '@opensqt/configuration';
import { surviveClosedOutput } from './logging/closed-output';
import { createLogger } from './logging/process-logger';
import { MarketMakerRunner } from './market-maker/market-maker.runner';
import { stopOnSignals } from './stop-on-signals';

/** `EX_CONFIG` of sysexits.h: what is wrong is in the configuration, and starting again will not help. */
const EXIT_CONFIG = 78;
const EXIT_USAGE = 2;
/** It could not start, or ended with events that were not written. */
const EXIT_FAILURE = 1;

async function main(): Promise<void> {
  surviveClosedOutput();
  const command = readCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return;
    case 'misused':
      process.stderr.write(`${command.reason}\n\n${USAGE}`);
      process.exitCode = EXIT_USAGE;
      return;
    case 'run': {
      const configuration = configurationOrExplain(command.file);
      if (configuration !== undefined) await run(configuration);
    }
  }
}

function configurationOrExplain(file: string | undefined): Configuration | undefined {
  try {
    return loadConfiguration({
      ...(file === undefined ? {} : { file }),
      env: process.env,
      cwd: process.cwd(),
    });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${renderConfigurationError(error)}\n`);
    process.exitCode = EXIT_CONFIG;
    return undefined;
  }
}

async function run(configuration: Configuration): Promise<void> {
  const logger = createLogger({ terminal: process.stdout.isTTY, secrets: secretsOf(configuration) });
  const log = new Logger('Main');
  try {
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(configuration), {
      logger,
      abortOnError: false,
    });
    app.disable('x-powered-by');
    await app.init();
    const { host, port } = configuration.server;
    await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
      throw new Error(
        `Cannot listen on ${host}:${port} (${error.code ?? error.message}). Choose another server.port, or stop what uses this one.`,
        { cause: error },
      );
    });
    const listening = (app.getHttpServer().address() as AddressInfo).port;
    for (const line of bannerLines(configuration, { port: listening, cwd: process.cwd() })) log.log(line);
    const stopped = stopOnSignals(app, log);
    await app.get(MarketMakerRunner).run();
    if (configuration.exchange.whenFinished === 'exit') await app.close();
    else await stopped;
    if (app.get<EventLog>(EVENT_LOG).status().failure !== undefined) process.exitCode = EXIT_FAILURE;
  } catch (error) {
    log.fatal(error instanceof Error ? error.message : String(error));
    process.exit(EXIT_FAILURE);
  }
}

void main();
