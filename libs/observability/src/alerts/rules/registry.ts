import type { ZodType } from 'zod';
import type { AlertRule, ConditionDefinition, RuleDefinition } from './alert-rule';
import { circuitBreakerTrip } from './circuit-breaker-trip.rule';
import { EVENT_LOG_CONDITIONS } from './event-log-conditions';
import { exchangeDisconnect } from './exchange-disconnect.rule';
import { largeExecution } from './large-execution.rule';
import { channelBroken, digest, heartbeatFailing, manual, tradingEnded } from './other-conditions';
import { riskLimitBreach } from './risk-limit-breach.rule';
import { strategyPanic } from './strategy-panic.rule';

/** The conditions that events of trading meet. A line each: sections of options, documentation and runbooks follow from it. */
export const BUILT_IN_RULES = [
  circuitBreakerTrip,
  riskLimitBreach,
  exchangeDisconnect,
  strategyPanic,
  largeExecution,
] as const;

/** Every condition there is, besides those of an application's own. Each has a page in `docs/runbooks`. */
export const CONDITIONS: readonly ConditionDefinition[] = [
  ...BUILT_IN_RULES,
  channelBroken,
  tradingEnded,
  heartbeatFailing,
  ...EVENT_LOG_CONDITIONS,
  digest,
  manual,
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
export type RuleOptions = { readonly [Key in keyof RuleSections]: OutputOf<RuleSections[Key]> };
type OutputOf<Section> = Section extends ZodType<infer Output> ? Output : never;

/** The rules that decide under these options: the built-in ones, then those of an application's own. */
export function rulesOf(options: RuleOptions, own: readonly AlertRule[] = []): readonly AlertRule[] {
  const builtIn: readonly RuleDefinition[] = BUILT_IN_RULES;
  const rules = builtIn.map((rule): AlertRule => ({
    ...rule,
    decide: (event) => rule.decide(event, options),
  }));
  return [...rules, ...own];
}
