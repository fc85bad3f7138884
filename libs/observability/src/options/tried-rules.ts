import {
  IN_FILE,
  type Schema,
  type Violation,
  judge,
  metadataOf,
  schemaViolations,
  shapeOf,
  spelledAsInCode,
  spelledAsInFile,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import type { Channel } from '../alerts/policy/channel-route';
import { routesOf } from '../alerts/policy/channel-routes';
import type { PolicySettings } from '../alerts/policy/policy-settings';
import type { TextOptions } from '../alerts/rules/alert-rule';
import { type RuleOptions, ruleOptions } from '../alerts/rules/registry';
import { level } from '../channels/channel-keys';
import { type ResolvedAlerts, alertsOptions, enabledChannels } from './alerts.options';

/** Rules, thresholds and routes under which a log is decided on again, as data: no channel, no secret. */
export interface TriedRules {
  readonly options: RuleOptions & PolicySettings & TextOptions;
  readonly channels: readonly Channel[];
}

/** A value of `alerts` that can be tried, as a file has it. */
export interface TriedSetting {
  /** `large_execution.threshold` */
  readonly key: string;
  /** Undefined: it has none, and no default. */
  readonly value: unknown;
  /** The words that it may be; undefined: any that its key allows. */
  readonly choices: readonly string[] | undefined;
}

/** The rules, or everything that is wrong with them. */
type Trial =
  | { readonly ok: true; readonly rules: TriedRules }
  | { readonly ok: false; readonly violations: readonly Violation[] };

type Tree = Readonly<Record<string, unknown>>;

const { routes: routesOption, ...settings } = alertsOptions.unwrap().pick({
  repeatInterval: true,
  burst: true,
  groupWindow: true,
  flapping: true,
  incidentGrace: true,
  timeZone: true,
  routes: true,
}).shape;

/** The section `alerts` as far as it can be tried over a log: its rules, what decides who is notified of them, and each channel's level. */
export class RuleTrial {
  private readonly schema;
  private readonly current: Tree;

  constructor(
    private readonly alerts: ResolvedAlerts,
    private readonly channels: readonly Channel[],
  ) {
    const names = alerts.enabled ? enabledChannels(alerts) : [];
    const levels = names.map((name) => [name, z.strictObject({ minLevel: level })] as const);
    const named = Object.fromEntries(levels);
    this.schema = z.strictObject({ ...ruleOptions, ...settings, ...named, routes: routesOption });
    const routes = alerts.enabled ? alerts.routes.map(withHours) : [];
    this.current = spelledAsInFile(this.schema, { ...alerts, routes }) as Tree;
  }

  /** Everything that can be changed, in order, with its value in force. */
  settings(): readonly TriedSetting[] {
    return settingsIn(this.schema, this.current, []);
  }

  /**
   * The rules with these changes. A key that is null is as if it were not written.
   *
   * @param changes a part of the section `alerts`, as in the file
   */
  tried(changes: Tree): Trial {
    const schema = z.strictObject({ alerts: this.schema });
    const { value, issues } = spelledAsInCode(schema, { alerts: merged(this.current, changes) });
    const judged = judge(schema, value, issues);
    if (!judged.ok)
      return { ok: false, violations: schemaViolations(judged.issues, { schema, value, spelling: IN_FILE }) };
    const { alerts } = judged.value;
    const known = this.channels.map(({ name }) => name);
    const named = alerts.routes.map(({ channel }) => channel);
    const wrong = named.findIndex(
      (name, index) => name === 'log' || !known.includes(name) || named.indexOf(name) < index,
    );
    if (wrong >= 0) {
      const name = String(named[wrong]);
      const found = named.indexOf(name) < wrong ? `${name} a second time` : name;
      const path = `alerts.routes[${wrong}].channel`;
      return {
        ok: false,
        violations: [{ path, found, allowed: `each of ${known.slice(1).join(', ')} once` }],
      };
    }
    const levels = alerts as Readonly<Record<string, { readonly minLevel?: Channel['minLevel'] }>>;
    const channels = this.channels.map(({ name, minLevel, acknowledgements, opensIncidents }) => ({
      ...{ name, acknowledgements, opensIncidents },
      minLevel: levels[name]?.minLevel ?? minLevel,
    }));
    const { command } = this.alerts;
    const options = { ...alerts, command };
    return { ok: true, rules: { options, channels: routesOf(channels, alerts.routes) } };
  }
}

function withHours({ quietHours, ...route }: ResolvedAlerts['routes'][number]): object {
  if (quietHours === undefined) return route;
  const { from, to, timeZone } = quietHours;
  return { ...route, quietHours: `${from}-${to} ${timeZone}` };
}

function settingsIn(schema: Schema, value: unknown, path: readonly string[]): readonly TriedSetting[] {
  const shape = shapeOf(schema);
  if (shape === undefined) return [{ key: path.join('.'), value, choices: wordsOf(schema) }];
  return Object.entries(shape).flatMap(([name, part]) => {
    const key = IN_FILE.key(name);
    return settingsIn(part, (value as Tree | undefined)?.[key], [...path, key]);
  });
}

function wordsOf(schema: Schema): readonly string[] | undefined {
  const [written] = (metadataOf(schema)['anyOf'] ?? []) as readonly { readonly enum?: readonly string[] }[];
  return written?.enum;
}

/** The tree with the changes in it; lists are replaced as a whole. */
function merged(tree: Tree, changes: Tree): Tree {
  const changed = Object.entries(changes).map(([key, change]) => {
    const before = Object.hasOwn(tree, key) ? tree[key] : undefined;
    return [key, isTree(before) && isTree(change) ? merged(before, change) : change] as const;
  });
  return Object.fromEntries([...Object.entries(tree), ...changed]);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
