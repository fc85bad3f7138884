import { type DynamicModule, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ObservabilityModule } from '@opensqt/observability';
import { resumeProjection } from '@opensqt/trading';
import type { Configuration } from '@opensqt/configuration';
import { CONFIGURATION, configurationModule } from '@opensqt/configuration';
import { MarketClock } from './market-maker/market-clock';
import { MarketMakerRunner } from './market-maker/market-maker.runner';
import { VERSION } from './version';

/** Wires the market maker to what watches it: they share an emitter, a log and a clock, and nothing else. */
@Module({})
export class AppModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const clock = new MarketClock();
    const { telemetry, eventLog, alerts, server, symbols } = configuration;
    return {
      module: AppModule,
      imports: [
        configurationModule(configuration),
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({
          telemetry,
          eventLog,
          alerts,
          apiToken: server.token,
          symbols: symbols.map(({ symbol }) => symbol),
          projections: [resumeProjection],
          clock,
          version: VERSION,
        }),
      ],
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: MarketClock, useValue: clock },
        MarketMakerRunner,
      ],
    };
  }
}
