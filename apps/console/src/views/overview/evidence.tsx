import type { Overview } from '@opensqt/observability/console-api';
import { Icon, type Shape } from '../../components/icon';
import { count, percentOf } from '../../format/decimal';
import { plural, scopeWords, spaced } from '../../format/words';

interface Fact {
  readonly what: string;
  readonly words: string;
  readonly look: 'ok' | 'warn' | 'error' | 'unknown';
}

const SHAPES: Readonly<Record<Fact['look'], Shape>> = {
  ok: 'ok',
  warn: 'warning',
  error: 'error',
  unknown: 'unknown',
};

function logFact({ log, replaying, head, mode }: Overview): Fact {
  if (replaying !== null)
    return {
      what: 'event log',
      words: `replaying, ${count(replaying)} of ${count(head)} records`,
      look: 'unknown',
    };
  if (log.failure !== null) return { what: 'event log', words: log.failure, look: 'error' };
  if (mode === 'past')
    return { what: 'event log', words: `position ${count(head)} when it was read`, look: 'ok' };
  return { what: 'event log', words: `writable, ${count(log.waiting ?? 0)} waiting`, look: 'ok' };
}

function priceFact({ symbols }: Overview): Fact {
  const fresh = symbols.filter(({ price, priceStale }) => price !== null && !priceStale).length;
  const words = `${fresh} of ${plural(symbols.length, 'symbol')} current`;
  return { what: 'prices', words, look: fresh === symbols.length ? 'ok' : fresh === 0 ? 'unknown' : 'warn' };
}

function limitFact({ limits }: Overview): Fact {
  const breached = limits.filter(
    ({ breached, value, threshold }) => breached || (percentOf(value, threshold) ?? 0) >= 100,
  );
  if (breached.length === 0) return { what: 'limits', words: 'none exceeded', look: 'ok' };
  const names = [...new Set(breached.map(({ limit, scope }) => `${spaced(limit)} of ${scopeWords(scope)}`))];
  return {
    what: 'limits',
    words: `exceeded: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`,
    look: 'warn',
  };
}

/** The facts of one moment that a verdict rests on. */
const evidenceOf = (overview: Overview): readonly Fact[] =>
  overview.symbols.length === 0
    ? [logFact(overview)]
    : [logFact(overview), priceFact(overview), limitFact(overview)];

export function Evidence({ overview }: { readonly overview: Overview }) {
  return (
    <ul class="evidence" aria-label="Evidence">
      {evidenceOf(overview).map(({ what, words, look }) => (
        <li key={what} class={look === 'ok' ? 'fine' : ''}>
          <Icon shape={SHAPES[look]} tone={look} /> <b>{what}</b> {words}
        </li>
      ))}
    </ul>
  );
}
