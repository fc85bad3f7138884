import { type DynamicModule, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ObservabilityModule } from '@opensqt/observability';
import { resumeProjection } from '@opensqt/trading';
import type { Configuration } from '@opensqt/configuration';
import { CONFIGURATION, configurationModule } from '@opensqt/configuration/nest';
import { MarketBreakers } from './market-maker/market-breakers';
import { MarketClock } from './market-maker/market-clock';
import { MarketMakerRunner } from './market-maker/market-maker.runner';
import { VERSION } from './version';

/** Wires the market maker to what watches it: they share an emitter, a log and a clock, and nothing else. */
@Module({})
export class AppModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const clock = new MarketClock();
    const breakers = new MarketBreakers();
    const { name, console, telemetry, eventLog, alerts, server, symbols } = configuration;
    return {
      module: AppModule,
      imports: [
        configurationModule(configuration),
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({
          name,
          console,
          http: { console: '/', logAddresses: false }, // the banner has them
          telemetry,
          eventLog,
          alerts,
          apiToken: server.token,
          apiTokens: server.tokens,
          access: {
            public: server.public,
            allowedHosts: server.allowedHosts,
            trustedProxies: server.trustedProxies,
          },
          symbols: symbols.map(({ symbol }) => symbol),
          projections: [resumeProjection],
          breakers,
          clock,
          version: VERSION,
        }),
      ],
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: MarketClock, useValue: clock },
        { provide: MarketBreakers, useValue: breakers },
        MarketMakerRunner,
      ],
    };
  }
}
