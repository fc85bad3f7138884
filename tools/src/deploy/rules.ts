import { METRIC } from '@opensqt/observability';
import { parse } from 'yaml';

/** A rule of Prometheus: an alert or a record. */
export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** All rules of a file of rules. */
export function rulesOf(yaml: string): readonly Rule[] {
  const { groups } = parse(yaml) as { groups: readonly { rules: readonly Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** The alerts that no test of promtool expects to fire. */
export function untestedAlerts(rules: readonly Rule[], tests: string): readonly string[] {
  const { tests: cases } = parse(tests) as {
    tests: readonly { alert_rule_test?: readonly { alertname: string; exp_alerts?: readonly object[] }[] }[];
  };
  const tested = new Set(
    cases
      .flatMap(({ alert_rule_test = [] }) => alert_rule_test)
      .filter(({ exp_alerts = [] }) => exp_alerts.length > 0)
      .map(({ alertname }) => alertname),
  );
  return rules.flatMap(({ alert }) => (alert === undefined || tested.has(alert) ? [] : [alert]));
}

/** The metrics of ours that an expression asks for and that no release has: misspelt, or renamed. */
export function unknownMetrics(expr: string): readonly string[] {
  const known = new Set(names(METRIC));
  const asked = expr.match(/(?<![\w:])market_maker_\w+/g) ?? [];
  return asked.filter((name) => !known.has(name) && !known.has(name.replace(/_(bucket|count|sum)$/, '')));
}

function names(tree: object): readonly string[] {
  return Object.values(tree).flatMap((value: unknown) =>
    typeof value === 'string' ? [value] : names(value as object),
  );
}
