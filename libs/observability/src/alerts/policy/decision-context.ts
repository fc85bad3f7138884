import type { ResolvedAlerts } from '../../options/alerts.options';
import type { AlertRule } from '../rules/alert-rule';
import type { Route } from './route';

/** The inputs of decisions besides state: the same for every decision of a process. */
export interface AlertPolicy {
  readonly rules: readonly AlertRule[];
  readonly settings: ResolvedAlerts;
  readonly routes: readonly Route[];
}

/** Everything that a decision needs besides the state. */
export interface DecisionContext extends AlertPolicy {
  /** Wall clock, which deliveries are timed by. */
  readonly wallNow: number;
}
