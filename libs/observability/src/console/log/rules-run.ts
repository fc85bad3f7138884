import { setImmediate } from 'node:timers/promises';
import type { EventLog } from '@opensqt/event-log';
import type { AlertEvent, EpochMs, EventType } from '@opensqt/trading-events';
import { compareRules } from '../../alerts/diagnostics/backtest';
import { isAlertEvent } from '../../alerts/model/alerts.projection';
import type { AlertPolicy } from '../../alerts/policy/settings';
import { rulesOf } from '../../alerts/rules/registry';
import type { TriedRules } from '../../options/tried-rules';
import { positionAt, recordAt } from '../../replay/log-reading';
import { ownRecords } from '../../replay/own-records';
import type { RulesRun } from '../api/rules';

/** Records that one run decides on, the newest of those asked for. */
const MAX_RECORDS = 500_000;
const MAX_DIFFERENCES = 500;
/** Records between two turns of others. */
const TURN = 100;
const SILENCES: readonly EventType[] = ['silence.created', 'silence.expired'];

/** The part of the log, and the two sets of rules. */
export interface RulesQuery {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
  readonly current: TriedRules;
  readonly candidate: TriedRules;
}

/**
 * Decides on a part of the log under the rules in force and under others, and compares the two. No channel is made: nothing can be sent.
 *
 * @throws RunTooLongError (rejects) when that is more work than a run may be
 */
export async function rulesRun(log: EventLog, query: RulesQuery, end: number): Promise<RulesRun> {
  const begun = performance.now();
  const first = query.from === undefined ? log.status().first : await positionAt(log, query.from, end);
  const to = query.to === undefined ? end : (await positionAt(log, query.to + 1, end)) - 1;
  const from = Math.max(first, to - MAX_RECORDS + 1);
  const policies = {
    current: policyOf(log.bot, query.current),
    candidate: policyOf(log.bot, query.candidate),
  };
  const last = (await recordAt(log, to))?.event.occurredAt ?? null;
  const types = [...new Set([...typesOf(policies.current), ...typesOf(policies.candidate)])];
  const { differences, same } = await compareRules(
    await silencesBefore(log, from),
    unhurried(ownRecords(log, { from, to, types })),
    policies,
    to < end ? (query.to ?? 0) : (last ?? 0),
  );
  const days = new Map<string, RulesRun['days'][number]>();
  const dayOf = (day: string) => {
    const known = days.get(day) ?? { day, new: 0, gone: 0, louder: 0, quieter: 0, same: same.get(day) ?? 0 };
    days.set(day, known);
    return known;
  };
  for (const day of same.keys()) dayOf(day);
  for (const { day, change } of differences) dayOf(day)[change] += 1;
  return {
    records: Math.max(0, to - from + 1),
    from: (await recordAt(log, from))?.event.occurredAt ?? null,
    to: last,
    isCut: from > first,
    took: performance.now() - begun,
    days: [...days.values()].sort((a, b) => a.day.localeCompare(b.day)),
    differences: differences.slice(0, MAX_DIFFERENCES),
    more: Math.max(0, differences.length - MAX_DIFFERENCES),
  };
}

function policyOf(bot: string, { options, channels }: TriedRules): AlertPolicy {
  return { bot, rules: rulesOf(options), settings: options, channels };
}

function typesOf({ rules }: AlertPolicy): readonly EventType[] {
  return [...rules.flatMap(({ handles }) => handles), ...SILENCES, 'alert.acknowledged', 'alert.resolved'];
}

async function silencesBefore(log: EventLog, from: number): Promise<readonly AlertEvent[]> {
  const silences: AlertEvent[] = [];
  for await (const records of ownRecords(log, { to: from - 1, types: SILENCES }))
    silences.push(...records.map(({ event }) => event).filter(isAlertEvent));
  return silences;
}

/** Lets others work in between: a log in memory is read by the process that trades. */
async function* unhurried<Item>(batches: AsyncIterable<readonly Item[]>): AsyncGenerator<readonly Item[]> {
  for await (const batch of batches)
    for (let from = 0; from < batch.length; from += TURN) {
      yield batch.slice(from, from + TURN);
      await setImmediate();
    }
}
