import { type DataOf, type EpochMs, AlertLevel, formatDuration } from '@opensqt/trading-events';
import { commandLine, formatScope, sentence } from '../../format/format';
import { formatBesideLimit } from '../../format/limit';
import { formatMoney, formatNumber } from '../../format/number';
import { formatDateTime } from '../../format/time';
import { defineRule } from './alert-rule';
import { nameOfLimit, symbolOf, unitOfLimit } from './risk-units';

/** Breakers that a message names one by one. */
const NAMED = 5;

type Tripped = DataOf<'circuit_breaker.tripped'>;

/** Trading was stopped to stop losing: CRITICAL until the breaker is reset. */
export const circuitBreakerTrip = defineRule({
  condition: 'circuit_breaker_trip',
  levels: [AlertLevel.Critical],
  documentation: {
    raisedBy: '`circuit_breaker.tripped`',
    level: 'CRITICAL',
    resolvedBy: '`circuit_breaker.reset`',
    about: 'scope',
  },
  options: {},
  handles: ['circuit_breaker.tripped', 'circuit_breaker.reset'],
  decide(event, { timeZone, command, canReset = false }) {
    if (event.type === 'circuit_breaker.tripped') {
      const { scope, reason, value, threshold, cooldownMs, quoteAsset } = event.data;
      const shown = formatBesideLimit(value, threshold, unitOfLimit(reason, quoteAsset));
      const cooldown = formatDuration(cooldownMs);
      const resetAt = formatDateTime(event.occurredAt + cooldownMs, timeZone);
      const figures = figuresOf(event.data);
      return {
        verdict: 'raise',
        labels: { scope },
        ...symbolOf(scope),
        level: AlertLevel.Critical,
        title: `Circuit breaker tripped: ${formatScope(scope)}`,
        message: [
          `${nameOfLimit(reason)} reached ${shown.value} (limit ${shown.limit}).`,
          ...(figures.length === 0 ? [] : [`${figures.map((figure) => figure.join(' ')).join(', ')}.`]),
          `Trading of ${formatScope(scope)} is halted: ${cancellations(event.data)}, and none is placed until the breaker resets.`,
          ...positions(event.data),
          `It resets by itself at ${resetAt}, after ${cooldown}.`,
        ]
          .join(' ')
          .concat(
            canReset
              ? `\nTo reset it before: ${commandLine(command, 'alerts', `reset ${scope} --reason TEXT`)}`
              : '',
          ),
        fields: {
          Scope: scope,
          Reason: reason,
          Value: shown.value,
          Threshold: shown.limit,
          Cooldown: cooldown,
          ...Object.fromEntries(figures),
        },
      };
    }
    if (event.type === 'circuit_breaker.reset') {
      const { scope, by, reason, stillTripped = {} } = event.data;
      return {
        verdict: 'resolve',
        labels: { scope },
        title: `Circuit breaker reset: ${formatScope(scope)}`,
        message: `${howReset(by, reason)} This breaker does not halt ${formatScope(scope)} any more.${stillHalted(scope, stillTripped, timeZone)}`,
        fields: { Scope: scope, 'Reset by': by, ...(reason === undefined ? {} : { Reason: reason }) },
      };
    }
    return undefined;
  },
});

/** The position and its worth, as far as the event says. */
function figuresOf({ position, notional, unrealizedPnl, realizedPnl, quoteAsset }: Tripped) {
  const money = (amount: string): string => formatMoney(amount, quoteAsset);
  const figures: (readonly [name: string, value: string])[] = [];
  if (position !== undefined) figures.push(['Position', formatNumber(position)]);
  if (notional !== undefined) figures.push(['Notional', money(notional)]);
  if (unrealizedPnl !== undefined) figures.push(['Unrealized PnL', money(unrealizedPnl)]);
  if (realizedPnl !== undefined) figures.push(['Realized PnL', money(realizedPnl)]);
  return figures;
}

function cancellations({ ordersCanceled }: Tripped): string {
  if (ordersCanceled === undefined) return 'open orders are cancelled';
  if (ordersCanceled === 0) return 'no order was open';
  return ordersCanceled === 1
    ? '1 open order is cancelled'
    : `${formatNumber(ordersCanceled)} open orders are cancelled`;
}

function positions({ positionsKept }: Tripped): readonly string[] {
  if (positionsKept === undefined) return [];
  return positionsKept ? ['Positions are kept.'] : ['Positions are closed.'];
}

/** `ETHUSDT is still halted by the breaker of all symbols, until …`, or what symbols are, each by its own. */
function stillHalted(scope: string, tripped: Readonly<Record<string, EpochMs>>, timeZone: string): string {
  const breakers = Object.entries(tripped);
  if (breakers.length === 0) return '';
  const named = breakers
    .slice(0, NAMED)
    .map(([other, at]) => `${formatScope(other)}, until ${formatDateTime(at, timeZone)}`);
  const more = breakers.length - named.length;
  const all = [...named, ...(more === 0 ? [] : [`${more} more`])].join('; ');
  return scope === 'global'
    ? ` Still halted by their own breakers: ${all}.`
    : ` ${scope} is still halted by the breaker of ${all}.`;
}

function howReset(by: string, reason: string | undefined): string {
  if (by === 'cooldown') return 'Its cooldown has passed.';
  const who = by === 'operator' ? 'An operator' : by;
  return sentence(`${who} reset it${reason === undefined ? '' : `: ${reason}`}`);
}
