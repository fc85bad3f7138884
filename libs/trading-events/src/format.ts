const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Formats a duration for people, in its two largest units of d, h, min and s; below a second in ms: `856 ms`, `9.5 s`, `45 s`, `3 min 20 s`,
 * `2 h 5 min`, `1 d 6 h`.
 *
 * @param precision `exact` for all of its units, down to the microsecond
 */
export function formatDuration(ms: number, precision: 'rounded' | 'exact' = 'rounded'): string {
  if (!Number.isFinite(ms)) return 'unknown';
  const rounded = precision === 'exact' ? Math.abs(ms) : round(Math.abs(ms));
  const sign = ms < 0 && rounded > 0 ? '−' : '';
  return sign + unitsOf(rounded);
}

/** Coarser where the duration is longer, never so that a longer one reads shorter. */
function round(ms: number): number {
  if (ms < SECOND) return Number(ms.toPrecision(3));
  const unit = ms < 10 * SECOND ? SECOND / 10 : ms < HOUR ? SECOND : ms < DAY ? MINUTE : HOUR;
  return Math.round(ms / unit) * unit;
}

function unitsOf(ms: number): string {
  if (ms < SECOND) return `${plain(ms)} ms`;
  const units = [
    [Math.floor(ms / DAY), 'd'],
    [Math.floor((ms % DAY) / HOUR), 'h'],
    [Math.floor((ms % HOUR) / MINUTE), 'min'],
    [(ms % MINUTE) / SECOND, 's'],
  ] as const;
  return units.flatMap(([count, unit]) => (plain(count) === '0' ? [] : `${plain(count)} ${unit}`)).join(' ');
}

/** At most nine decimals, and never an exponent. */
function plain(value: number): string {
  if (value >= 1e21) return BigInt(value).toString();
  return value.toFixed(9).replace(/\.?0+$/, '');
}

// Control characters of both sets, line and paragraph separators, and the marks that reverse reading direction.
const RAW = /(?:(?![\n\t])[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/gu;

/**
 * The text with control and bidirectional characters as `\uXXXX`, but for line breaks and tabs: nothing in it moves a cursor, colours
 * or reverses what stands around it. Text in JSON stays the same JSON.
 */
export function escapeControls(text: string): string {
  return text.replace(RAW, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
