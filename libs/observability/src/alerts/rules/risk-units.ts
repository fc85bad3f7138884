import { formatCode } from '../../format/format';
import { type Unit, fraction, milliseconds, money, plainNumber } from '../../format/limit';

const MILLISECONDS = '_ms';
/** Limits in quote currency. */
const MONEY: ReadonlySet<string> = new Set([
  'max_position',
  'max_exposure',
  'max_drawdown',
  'max_loss',
  'daily_loss',
]);

/** The unit of a limit, by its code. */
export function unitOfLimit(code: string, quoteAsset?: string): Unit {
  if (isMilliseconds(code)) return milliseconds;
  if (code === 'max_volatility') return fraction;
  return isMoney(code) ? money(quoteAsset) : plainNumber;
}

/** True for a limit in quote currency. */
export function isMoney(code: string): boolean {
  return MONEY.has(code);
}

/** True for a limit in milliseconds. */
export function isMilliseconds(code: string): boolean {
  return code.endsWith(MILLISECONDS) || code === 'market_data_age';
}

/** `max_exchange_latency_ms` → `max exchange latency`: the unit stands behind the number. */
export function nameOfLimit(code: string): string {
  return formatCode(code.endsWith(MILLISECONDS) ? code.slice(0, -MILLISECONDS.length) : code);
}

/** The symbol that an alert about the scope is about: none where it is about all of them. */
export function symbolOf(scope: string): { readonly symbol?: string } {
  return scope === 'global' ? {} : { symbol: scope };
}
