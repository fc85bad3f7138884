import type { z } from 'zod';
import type { AlertRule, ConditionDefinition, RuleDefinition, TextOptions } from './alert-rule';
import { circuitBreakerTrip } from './circuit-breaker-trip.rule';
import { EVENT_LOG_CONDITIONS } from './event-log-conditions';
import { dailyLoss } from './daily-loss.rule';
import { exchangeDisconnect } from './exchange-disconnect.rule';
import { largeExecution } from './large-execution.rule';
import { noFills } from './no-fills.rule';
import { ordersRejected } from './orders-rejected.rule';
import {
  alertingFailing,
  channelBroken,
  digest,
  drill,
  heartbeatFailing,
  manual,
  tradingEnded,
} from './other-conditions';
import { riskLimitBreach } from './risk-limit-breach.rule';
import { strategyPanic } from './strategy-panic.rule';
import { symbolRemoved } from './symbol-removed.rule';

/** The conditions that events of trading meet. A line each: sections of options, documentation and runbooks follow from it. */
export const BUILT_IN_RULES = [
  circuitBreakerTrip,
  riskLimitBreach,
  exchangeDisconnect,
  strategyPanic,
  largeExecution,
  noFills,
  ordersRejected,
  dailyLoss,
  symbolRemoved,
] as const;

/** Every condition there is, besides those of an application's own. Each has a page in `docs/runbooks`. */
export const CONDITIONS: readonly ConditionDefinition[] = [
  ...BUILT_IN_RULES,
  channelBroken,
  alertingFailing,
  tradingEnded,
  heartbeatFailing,
  ...EVENT_LOG_CONDITIONS,
  digest,
  manual,
  drill,
];

/** The names of {@link CONDITIONS}. */
export const ALERT_CONDITIONS: readonly string[] = CONDITIONS.map(({ condition }) => condition);

type BuiltInRule = (typeof BUILT_IN_RULES)[number];
type RuleSections = {
  readonly [Rule in BuiltInRule as keyof Rule['options'] & string]: Rule['options'][keyof Rule['options']];
};

/** The sections of the rules that have options, by their keys in `alerts`. */
export const ruleOptions = Object.assign({}, ...BUILT_IN_RULES.map(({ options }) => options)) as RuleSections;

/** The options of the rules: every section, read. */
export type RuleOptions = z.output<z.ZodObject<RuleSections>>;

/** The rules that decide under these options: the built-in ones, then those of an application's own. */
export function rulesOf(
  options: RuleOptions & TextOptions,
  own: readonly AlertRule[] = [],
): readonly AlertRule[] {
  const builtIn: readonly RuleDefinition[] = BUILT_IN_RULES;
  const rules = builtIn.flatMap(({ decide, memory, persists, ...rule }): AlertRule[] => {
    const kept = memory?.(options);
    if (memory !== undefined && kept === undefined) return [];
    return [
      {
        ...rule,
        ...(decide === undefined ? {} : { decide: (event) => decide(event, options) }),
        ...(kept === undefined ? {} : { memory: kept }),
        ...(persists === undefined ? {} : { persists: (alert, now) => persists(alert, now, options) }),
      },
    ];
  });
  return [...rules, ...own];
}
