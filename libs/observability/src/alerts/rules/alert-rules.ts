import type { AlertRule } from './alert-rule';
import { circuitBreakerTrip } from './circuit-breaker-trip.rule';
import { exchangeDisconnect } from './exchange-disconnect.rule';
import { largeExecution } from './large-execution.rule';
import { riskLimitBreach } from './risk-limit-breach.rule';
import { strategyPanic } from './strategy-panic.rule';

/** The five conditions. */
export const ALERT_RULES: readonly AlertRule[] = [
  circuitBreakerTrip,
  riskLimitBreach,
  exchangeDisconnect,
  strategyPanic,
  largeExecution,
];
