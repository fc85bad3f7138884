import type { LogRecord } from '@opensqt/event-log';

/** A record as far as it is checked; `symbol` is unique: the writer's name, a dash and a number from 1. */
export interface Seen {
  readonly position: number;
  readonly symbol: string;
}

/** The faults of a log and of its readers; all of them must be 0. */
export interface AnswersFaults {
  /** Acknowledged events that the log does not hold. */
  readonly lost: number;
  /** Missing positions of the log. */
  readonly gaps: number;
  /** Events that the log holds twice. */
  readonly repeats: number;
  /** Events of a writer that stand in the log before an earlier one, or without it. */
  readonly disorder: number;
  /** Records that a reader saw twice. */
  readonly seenTwice: number;
  /** Records that a reader saw after a later one. */
  readonly seenLate: number;
  /** Records that a reader never saw, or that are others in the log. */
  readonly unseen: number;
}

/** The records that one reader was handed, in that order. */
export function seenIn(records: readonly LogRecord[]): readonly Seen[] {
  return records.map(({ position, event }) => ({
    position,
    symbol: event.type === 'symbol.stopped' ? event.data.symbol : event.id,
  }));
}

/**
 * Compares a log with the promises of its writers and with the records that its readers were handed.
 *
 * @param acknowledged symbols
 */
export function auditAnswers(
  log: readonly Seen[],
  acknowledged: readonly string[],
  readers: readonly (readonly Seen[])[],
): AnswersFaults {
  const held = new Set(log.map(({ symbol }) => symbol));
  const sum = (count: (seen: readonly Seen[]) => number): number =>
    readers.reduce((total, seen) => total + count(seen), 0);
  return {
    lost: acknowledged.filter((symbol) => !held.has(symbol)).length,
    gaps: log.filter(({ position }, index) => position !== index + 1).length,
    repeats: log.length - held.size,
    disorder: disorderIn(log),
    seenTwice: sum((seen) => seen.length - new Set(seen.map(textOf)).size),
    seenLate: sum(
      (seen) => seen.filter((one, index) => one.position < (seen[index - 1]?.position ?? 0)).length,
    ),
    unseen: sum((seen) => {
      const texts = new Set(seen.map(textOf));
      return log.filter((one) => !texts.has(textOf(one))).length;
    }),
  };
}

function textOf({ position, symbol }: Seen): string {
  return `${position} ${symbol}`;
}

function disorderIn(log: readonly Seen[]): number {
  const last = new Map<string, number>();
  return log.filter(({ symbol }) => {
    const [writer = '', number] = symbol.split('-');
    const before = last.get(writer) ?? 0;
    last.set(writer, Number(number));
    return Number(number) !== before + 1;
  }).length;
}
