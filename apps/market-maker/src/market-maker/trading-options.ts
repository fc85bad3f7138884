import type { Configuration } from '@opensqt/configuration';
import { writerOf } from '@opensqt/observability/options';
import type { MarketMakerOptions } from '@opensqt/trading';

/** The sections of the configuration that the market maker takes. Only a database is shared by several, which have names. */
export function tradingOptions(configuration: Configuration): MarketMakerOptions {
  const { exchange, recording, symbols, risk, eventLog } = configuration;
  const name = eventLog.kind === 'postgres' ? writerOf(configuration) : undefined;
  return { name, exchange, recording, symbols, risk, sampleInterval: eventLog.sampleInterval };
}
