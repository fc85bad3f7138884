import { z } from 'zod';
import { duration, position, time } from './values';

/** A value of the section `alerts` that a run can try, as the configuration has it. */
const setting = z
  .object({
    /** `large_execution.threshold` */
    key: z.string(),
    /** In force; null: none. A list as a whole: `routes`. */
    value: z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]).nullable(),
    /** The words that it may be; null: others too. */
    choices: z.array(z.string()).nullable(),
  })
  .meta({ id: 'RuleSetting' });

/** `GET rules`: what can be tried, and what is in force. */
export const rules = z.object({ position, settings: z.array(setting) }).meta({ id: 'Rules' });
export type RulesView = z.output<typeof rules>;

const change = z.enum(['new', 'gone', 'louder', 'quieter']);

/** `POST rules/runs`: the log decided on twice, under the rules in force and with the changes; nothing was sent. */
export const rulesRun = z
  .object({
    /** The part that was decided on: its records, and their market time; 0 and null where there are none. */
    records: z.int(),
    from: time.nullable(),
    to: time.nullable(),
    /** True where the part asked for was longer: its newest records were run. */
    isCut: z.boolean(),
    took: duration,
    /** Alerts and messages by day, UTC. */
    days: z.array(
      z.object({
        day: z.string(),
        new: z.int(),
        gone: z.int(),
        louder: z.int(),
        quieter: z.int(),
        same: z.int(),
      }),
    ),
    /** By day; at most 500. */
    differences: z.array(
      z.object({ day: z.string(), change, of: z.enum(['alert', 'message']), words: z.string() }),
    ),
    /** Differences that are not listed. */
    more: z.int(),
  })
  .meta({ id: 'RulesRun' });
export type RulesRun = z.output<typeof rulesRun>;
