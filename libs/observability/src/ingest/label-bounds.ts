import {
  type AnyEvent,
  EVENT_CATALOGUE,
  EVENT_TYPES,
  type EventType,
  Rejection,
} from '@opensqt/trading-events';

/** Distinct values that a label may take where the configuration names none: the most that a careless source can cost. */
const MAX_VALUES = 500;
const GLOBAL_SCOPE = 'global';
/** These end what an earlier configuration left, and begin no series. */
const ENDS: ReadonlySet<EventType> = new Set([
  'symbol.stopped',
  'risk.limit_cleared',
  'circuit_breaker.reset',
]);

/** A field that is a label, and the values of it that were let through: fields of one name share them. */
interface LabelField {
  readonly field: string;
  readonly admitted: Set<string>;
}

const NONE: readonly LabelField[] = [];

/**
 * Keeps the number of series bounded: refuses an event that would bring a label value too many, or a symbol that the
 * configuration does not have. A fact that is kept in the log is never refused for its labels: alerts are made of it, and it
 * loses its own series only. A symbol that is stopped makes room.
 */
export class LabelBounds {
  private readonly labels: ReadonlyMap<EventType, readonly LabelField[]>;
  private readonly symbols: ReadonlySet<string> | undefined;
  private readonly overflowing = new Set<string>();

  /**
   * @param symbols the only symbols there are; any, up to a bound, when absent
   * @param onOverflow called once per label, with the first fact that has no series of its own
   */
  constructor(
    symbols?: readonly string[],
    private readonly onOverflow: (message: string) => void = () => undefined,
  ) {
    this.symbols = symbols === undefined ? undefined : new Set(symbols);
    this.labels = labelFields();
  }

  /** The reason to refuse the event; undefined when its labels are within bounds. */
  check(event: AnyEvent): Rejection | undefined {
    const data = event.data as unknown as Readonly<Record<string, string>>;
    const labels = this.labels.get(event.type) ?? NONE;
    for (let i = 0; i < labels.length; i++) {
      const { field, admitted } = labels[i] as LabelField;
      const value = data[field];
      if (value === undefined || admitted.has(value)) continue;
      if (!ENDS.has(event.type) && this.isUnknownSymbol(field, value)) {
        const known = [...(this.symbols ?? [])].join(', ');
        const message = `Event ${event.type}: ${field} ${value} is not a configured symbol (${known}). Add it to symbols, or stop its source.`;
        return new Rejection(event.type, 'unknown_symbol', message);
      }
      if (admitted.size < MAX_VALUES) {
        admitted.add(value);
        continue;
      }
      const message = `Event ${event.type}: ${field} ${value} would be label value number ${MAX_VALUES + 1}; it must be one of a bounded set.`;
      if (EVENT_CATALOGUE[event.type].kept !== 'log') {
        return new Rejection(event.type, 'too_many_labels', message);
      }
      this.reportOverflow(field, message);
    }
    if (event.type === 'symbol.stopped') this.release(event.data.symbol);
    return undefined;
  }

  private release(symbol: string): void {
    for (const type of ['symbol.started', 'symbol.stopped'] as const)
      this.labels
        .get(type)
        ?.find(({ field }) => field === 'symbol')
        ?.admitted.delete(symbol);
  }

  private reportOverflow(field: string, message: string): void {
    if (this.overflowing.has(field)) return;
    this.overflowing.add(field);
    this.onOverflow(
      `${message} It is recorded and alerted on, without series of its own in /metrics; said once.`,
    );
  }

  private isUnknownSymbol(field: string, value: string): boolean {
    if (this.symbols === undefined) return false;
    return (field === 'symbol' || (field === 'scope' && value !== GLOBAL_SCOPE)) && !this.symbols.has(value);
  }
}

function labelFields(): ReadonlyMap<EventType, readonly LabelField[]> {
  const admitted = new Map<string, Set<string>>();
  const labelField = (type: EventType, field: string): LabelField => {
    const key = ENDS.has(type) ? `end ${field}` : field;
    const values = admitted.get(key) ?? new Set<string>();
    admitted.set(key, values);
    return { field, admitted: values };
  };
  return new Map(
    EVENT_TYPES.map((type) => {
      const fields = Object.entries(EVENT_CATALOGUE[type].fields);
      return [
        type,
        fields.filter(([, rule]) => rule.kind === 'label').map(([field]) => labelField(type, field)),
      ];
    }),
  );
}
