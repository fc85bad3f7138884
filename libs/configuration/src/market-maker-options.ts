import type { MarketMakerOptions } from '@opensqt/trading';
import { camelCased } from './camel-case';
import type { Configuration } from './configuration-schema';

/**
 * What of the configuration the market maker is told. Recordings of symbols that are not traded are left out, so that
 * nobody reads them.
 *
 * @returns plain options, to which the application adds what an earlier run left
 * @example
 * createMarketMaker({ ...marketMakerOptions(configuration), resume }, ports);
 */
export function marketMakerOptions(configuration: Configuration) {
  const { latency, when_finished: whenFinished, ...exchange } = configuration.exchange;
  const traded = new Set(configuration.symbols.map(({ symbol }) => symbol));
  const { kind, writer } = configuration.event_log;
  return {
    // Only a database is shared by several.
    ...(kind === 'postgres' ? { name: writer } : {}),
    exchange: { ...camelCased(exchange), latencyMs: latency },
    recording: configuration.recording.filter(({ symbol }) => traded.has(symbol)),
    symbols: camelCased(configuration.symbols),
    risk: camelCased(configuration.risk),
    whenFinished: whenFinished === 'exit' ? 'exit' : 'idle',
  } satisfies MarketMakerOptions;
}
