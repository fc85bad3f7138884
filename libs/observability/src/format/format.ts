/** A time of day, UTC: `03:04:05 UTC`. */
export function formatTime(time: number): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}

/** A code as words: `max_drawdown` → `max drawdown`. */
export function formatCode(code: string): string {
  return code.replaceAll('_', ' ');
}

/** The scope of a limit or a breaker, in a sentence: `BTCUSDT`, or `all symbols` for the global scope. */
export function formatScope(scope: string): string {
  return scope === 'global' ? 'all symbols' : scope;
}

/** A measure as it is shown: numbers with at most 8 decimals, decimal strings without trailing zeros. */
export function formatMeasure(measure: string | number): string {
  if (typeof measure === 'number') return String(Number(measure.toFixed(8)));
  return measure.includes('.') ? measure.replace(/(\.\d{0,8})\d*$/, '$1').replace(/\.?0+$/, '') : measure;
}
