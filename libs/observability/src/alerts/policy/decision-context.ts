import type { AlertRule, AlertSettings } from '../rules/alert-rule';
import type { Route } from './route';

/** What deciding needs besides the state. */
export interface DecisionContext {
  readonly rules: readonly AlertRule[];
  readonly settings: AlertSettings;
  readonly routes: readonly Route[];
  /** Wall clock, which deliveries are timed by. */
  readonly wallNow: number;
}
