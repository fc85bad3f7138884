import type { LogRecord } from '@opensqt/event-log';
import type { AnyEvent } from '@opensqt/trading-events';
import { isAlertEvent } from '../../alerts/model/alerts.projection';
import { wordsOf } from '../../alerts/diagnostics/explain';
import { formatCode, formatScope } from '../../format/format';
import type { RecordView } from '../api/timeline';

/** Fields that say what a record is about: they stand elsewhere on its line. */
const ELSEWHERE = new Set(['symbol', 'scope', 'clientOrderId', 'orderId', 'fillId', 'fingerprint']);
const MAX_WORDS = 300;

/** A record as the page lists it. */
export function recordView({ position, committedAt, bot, writer, event }: LogRecord): RecordView {
  return {
    position,
    at: event.occurredAt,
    committedWall: committedAt,
    bot,
    writer,
    type: event.type,
    id: event.id,
    causationId: event.causationId ?? null,
    symbol: symbolOf(event),
    words: recordWords(event),
    data: { ...event.data } as Record<string, unknown>,
  };
}

/** The symbol that a record is about; null where it is about none, or about all. */
export function symbolOf({ data }: AnyEvent): string | null {
  if ('symbol' in data) return data.symbol;
  if ('scope' in data) return data.scope === 'global' ? null : data.scope;
  if ('labels' in data) return data.labels?.['symbol'] ?? null;
  return null;
}

/** A record in one line. */
export function recordWords(event: AnyEvent): string {
  const words = isAlertEvent(event) ? wordsOf(event) : factWords(event.data);
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}

function factWords(data: object): string {
  const scope = 'scope' in data ? [formatScope(String(data.scope))] : [];
  const fields = Object.entries(data).filter(([name]) => !ELSEWHERE.has(name));
  return [...scope, ...fields.map(fieldWords)].join(', ');
}

function fieldWords([name, value]: [name: string, value: unknown]): string {
  const label = formatCode(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  return `${label} ${valueWords(value)}`;
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(' ');
  if (typeof value !== 'object' || value === null) return formatCode(String(value));
  return `(${Object.entries(value).map(fieldWords).join(', ')})`;
}
