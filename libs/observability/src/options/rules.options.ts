import { EVENT_TYPES } from '@opensqt/trading-events';
import { type Objection, describeValue, isClose, list, nearest, rule } from '@opensqt/trading-events/options';
import { z } from 'zod';
import type { AlertRule } from '../alerts/rules/alert-rule';
import { ALERT_CONDITIONS } from '../alerts/rules/registry';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Conditions of an application's own. */
export const rulesOption = list(z.custom<AlertRule>(isObject, 'a rule: an AlertRule'))
  .superRefine(rule<readonly unknown[]>([], (rules) => rules.flatMap(objectionsTo)))
  .prefault([]);

function objectionsTo(given: unknown, index: number, all: readonly unknown[]): readonly Objection[] {
  if (!isObject(given)) return [];
  const { condition, handles, decide, memory }: { [Key in keyof AlertRule]?: unknown } = given;
  const others = all.slice(0, index).map((other) => (isObject(other) ? other.condition : undefined));
  const objection = (key: string, value: unknown, allowed: string): Objection => ({
    path: [index, key],
    found: describeValue(value),
    allowed,
  });
  return [
    ...(typeof condition !== 'string' || !NAME.test(condition)
      ? [objection('condition', condition, 'a name of up to 64 characters of a-z, 0-9 and _, a letter first')]
      : ALERT_CONDITIONS.includes(condition)
        ? [objection('condition', condition, 'a name that no built-in condition has')]
        : others.includes(condition)
          ? [objection('condition', condition, 'a name that no rule before it has')]
          : []),
    ...(Array.isArray(handles)
      ? handles.flatMap((type: unknown, at) => unknownType(type, [index, 'handles', at]))
      : [objection('handles', handles, 'a list of event types')]),
    ...(typeof decide === 'function' || (decide === undefined && isObject(memory))
      ? []
      : [objection('decide', decide, 'a function, or absent beside a memory')]),
  ];
}

function unknownType(type: unknown, path: Objection['path']): readonly Objection[] {
  const known: readonly unknown[] = EVENT_TYPES;
  if (known.includes(type)) return [];
  const near = nearest(String(type), EVENT_TYPES);
  const hint = isClose(String(type), near) ? ` (did you mean ${near}?)` : '';
  return [{ path, found: describeValue(type), allowed: `an event type of docs/events.md${hint}` }];
}

function isObject(value: unknown): value is Partial<Record<keyof AlertRule, unknown>> {
  return typeof value === 'object' && value !== null;
}
