import { formatDuration } from '@opensqt/trading-events';
import type { EventLog } from '@opensqt/event-log';
import { explainAlert } from '../alerts/diagnostics/explain';
import { idByPrefix } from '../alerts/model/id-prefix';
import type { AlertPolicy } from '../alerts/policy/settings';
import type { AlertService } from '../alerts/runtime/alert.service';
import type { LeaderElection } from '../alerts/runtime/leader-election';
import type { ControlPort, ControlledAlert } from '../channels/telegram/control/control-port';
import { formatMoney, formatNumber } from '../format/number';
import { formatDateTime } from '../format/time';
import type { HealthService } from '../health/health.service';
import type { MetricsSource } from '../metrics/catalogue/metrics-source';
import { isShown } from '../metrics/projection/metrics.state';
import type { ResolvedOptions } from '../options/observability-options';
import { REACH, positionAt } from '../replay/log-reading';
import { ownRecords } from '../replay/own-records';

/** The parts of the module that a remote control reads and acts on. */
export interface ControlledParts {
  readonly alerts: AlertService;
  readonly election: LeaderElection;
  readonly health: HealthService;
  readonly metrics: () => MetricsSource;
  readonly log: EventLog;
  readonly rules: AlertPolicy['rules'];
  readonly options: ResolvedOptions;
}

/** The bot as its remote control sees it. */
export function alertControlPort(parts: ControlledParts): ControlPort {
  const { alerts, election, options } = parts;
  return {
    bot: options.name,
    leads: () => election.status.role === 'leader',
    status: () => statusLines(parts),
    positions: () => positionLines(parts.metrics()),
    alerts: () => alerts.active(),
    why: (id) => whyLines(parts, id),
    acknowledge: async (id, by) => void (await alerts.acknowledge(id, by)),
    silence: async ({ condition, labels }: ControlledAlert, forMs, by) => {
      const until = alerts.now() + forMs;
      const reason = `a button in Telegram, for ${formatDuration(forMs)}`;
      await alerts.silence({ matchers: { condition, ...labels }, until, reason, by });
    },
    reset: async (scope, by) => {
      if (options.breakers === undefined)
        throw new Error('Breakers of this application cannot be reset from here.');
      const { reset, tripped } = await options.breakers.reset(scope, { by, reason: 'a button in Telegram' });
      const others =
        tripped.length === 0 ? 'No breaker is tripped.' : `Still tripped: ${tripped.join(', ')}.`;
      return `${scope}: ${reset ? 'the breaker is reset.' : 'its breaker was not tripped.'} ${others}`;
    },
  };
}

function statusLines({ alerts, health, metrics }: ControlledParts): readonly string[] {
  const { status, error } = health.ready();
  const { title, reason } = health.verdict();
  const down = Object.entries(error).map(([component, { reason }]) => `${component}: ${reason}`);
  const tripped = [...metrics().state.breakers].filter(([, isTripped]) => isTripped).map(([scope]) => scope);
  const open = alerts.active();
  const broken = [...alerts.channelHealth().broken.keys()];
  return [
    title,
    reason,
    status === 'error' ? 'NOT READY' : status === 'shutting_down' ? 'Shutting down' : 'Ready',
    ...down,
    tripped.length === 0 ? 'No breaker is tripped' : `Breakers tripped: ${tripped.join(', ')}`,
    open.length === 0 ? 'No alert is open' : `Open alerts: ${open.length}`,
    ...(broken.length === 0 ? [] : [`Channels that cannot deliver: ${broken.join(', ')}`]),
  ];
}

function positionLines({ state }: MetricsSource): readonly string[] {
  const lines = [...state.symbols].flatMap(([symbol, metrics]) =>
    isShown(metrics)
      ? [...metrics.strategies].map(([strategy, { size, unrealized }]) => {
          const held = size === undefined ? 'position unknown' : formatNumber(size);
          const value = unrealized === undefined ? '' : `, unrealized ${formatMoney(unrealized)}`;
          const orders = metrics.openOrders.size;
          return `${symbol} (${strategy}): ${held}${value}, ${orders} open orders${metrics.stopped ? ', stopped' : ''}`;
        })
      : [],
  );
  return lines.length === 0 ? ['No symbol has been traded.'] : lines;
}

async function whyLines(
  { alerts, log, options, rules }: ControlledParts,
  given: string,
): Promise<readonly string[]> {
  const known = new Map(
    [...alerts.history(Infinity), ...alerts.active()].map(({ id, since }) => [id, since]),
  );
  const id = idByPrefix(given, known.keys(), 'alert');
  const since = known.get(id);
  if (since === undefined) return [`There is no alert '${given.slice(0, 40)}'.`];
  // The thread that trades reads it: no more of the log than the alert and what may have caused it.
  const from = Math.max(1, (await positionAt(log, since, log.status().position)) - REACH);
  const steps = await explainAlert(ownRecords(log, { from }), id, rules);
  return steps.map(
    ({ occurredAt, type, words }) =>
      `${formatDateTime(occurredAt, options.alerts.timeZone)} ${type} ${words}`,
  );
}
