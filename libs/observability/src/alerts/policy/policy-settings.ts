import type { ResolvedAlerts } from '../../options/alerts.options';

/** The part of the options that decisions depend on. */
export type PolicySettings = Pick<
  ResolvedAlerts,
  'repeatInterval' | 'burst' | 'groupWindow' | 'flapping' | 'incidentGrace' | 'timeZone'
>;
