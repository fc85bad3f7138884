import type { SilenceCreated } from '@opensqt/trading-events';

/** A line per silence: id, matchers, from, until, by whom and why. */
export function silenceLines(silences: readonly SilenceCreated[]): readonly string[] {
  if (silences.length === 0) return ['none'];
  return silences.map(({ silenceId, matchers, startsAt = createdAt(silenceId), until, by, reason }) =>
    [
      silenceId,
      (matchers instanceof Array
        ? matchers
        : Object.entries(matchers).map(([name, value]) => `${name}=${value}`)
      ).join(' '),
      `from ${iso(startsAt)}`,
      `until ${iso(until)}`,
      `by ${by}`,
      reason,
    ].join('  '),
  );
}

/** The id is a UUIDv7: its first 48 bits are the time at which it was made (RFC 9562, section 5.7). */
function createdAt(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

/** A time of a log, which may be none. */
export function iso(time: number): string {
  return Number.isNaN(new Date(time).getTime()) ? 'unknown' : new Date(time).toISOString();
}
