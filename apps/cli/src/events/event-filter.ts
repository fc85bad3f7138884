import type { AnyEvent, EventType } from '@opensqt/trading-events';

/** A filter of events, which meet all of it. A part that is absent does not narrow. */
export interface EventFilter {
  readonly types?: readonly EventType[] | undefined;
  readonly symbols?: readonly string[] | undefined;
  /** Epoch milliseconds; that moment included. */
  readonly since?: number | undefined;
  /** Epoch milliseconds; that moment excluded. */
  readonly until?: number | undefined;
}

/** True when the event meets the filter. */
export function passes(event: AnyEvent, { types, symbols, since, until }: EventFilter): boolean {
  if (types !== undefined && !types.includes(event.type)) return false;
  if (since !== undefined && event.occurredAt < since) return false;
  if (until !== undefined && event.occurredAt >= until) return false;
  return symbols === undefined || symbolsOf(event).some((symbol) => symbols.includes(symbol));
}

/** The symbols that an event is about: its own, the scope of a limit or a breaker, and those of an alert's subject. */
function symbolsOf({ data }: AnyEvent): readonly string[] {
  const found: string[] = [];
  if ('symbol' in data) found.push(data.symbol);
  if ('scope' in data) found.push(data.scope);
  if ('labels' in data) found.push(...[data.labels['symbol'], data.labels['scope']].filter(isText));
  else if ('fingerprint' in data) found.push(...subjectsIn(data.fingerprint));
  return found;
}

/** A fingerprint is `condition{label="value",…}`; later events of an alert carry nothing else of its subject. */
function subjectsIn(fingerprint: string): readonly string[] {
  return [...fingerprint.matchAll(/[{,](?:symbol|scope)="([^"]*)"/g)]
    .map(([, value]) => value)
    .filter(isText);
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
