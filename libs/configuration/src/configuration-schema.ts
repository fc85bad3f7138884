import { z } from 'zod';
import { keys } from './section';
import { alerts, eventLog, server, telemetry } from './observability.sections';
import { exchange, recording, risk, symbols } from './trading.sections';

/** The one source of the configuration: what is read, what it defaults to, and what documents say about it. */
export const configurationSchema = keys({
  server,
  telemetry,
  event_log: eventLog,
  exchange,
  recording,
  symbols,
  risk,
  alerts,
});

/** What the file says, with the defaults of each key; what depends on other keys is still open. */
export type WrittenConfiguration = z.output<typeof configurationSchema>;

/**
 * The configuration that the process runs on: every default resolved, durations in milliseconds, money as decimal
 * strings, paths absolute. Keys are those of the file.
 */
export type Configuration = Omit<WrittenConfiguration, 'symbols'> & {
  readonly symbols: NonNullable<WrittenConfiguration['symbols']>;
};

/** As much of JSON Schema as is needed to walk through ours. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

/** JSON Schema (draft 7, which editors know best) of what may be written in the file. */
export function configurationJsonSchema(): JsonSchema {
  return z.toJSONSchema(configurationSchema, { io: 'input', target: 'draft-07' }) as JsonSchema;
}
