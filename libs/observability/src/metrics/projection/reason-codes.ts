/** Codes that a venue's refusals are begun with at zero. */
export const REJECT_REASONS = ['post_only_would_cross', 'rejected', 'other'] as const;

/** Codes that cancellations are begun with at zero: those that the trading of this project states, and venues by way of CCXT. */
export const CANCEL_REASONS = [
  'requote',
  'circuit_breaker',
  'market_data_lost',
  'not_quoting',
  'strategy_panic',
  'shutdown',
  'restart',
  'not_found_at_venue',
  'canceled',
  'expired',
  'other',
] as const;

/** Codes of one symbol, the known ones included: what a source makes up beyond them, and words, are `other`. */
export const MAX_CODES = 20;

const CODE = /^[a-z][a-z0-9_]{0,39}$/;

/** A count of zero for each code. */
export function countsOf(codes: readonly string[]): Map<string, number> {
  return new Map(codes.map((code) => [code, 0]));
}

/** Counts one more under the reason, if it is a code that there is room for, and otherwise under `other`. */
export function countReason(counts: Map<string, number>, reason: string): void {
  const isCode = counts.has(reason) || (counts.size < MAX_CODES && CODE.test(reason));
  const code = isCode ? reason : 'other';
  counts.set(code, (counts.get(code) ?? 0) + 1);
}
