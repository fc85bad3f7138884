import { inspect } from 'node:util';

/** Everything of an error, or of a channel, that a logger, a debugger or an HTTP answer might show. */
export function everythingOf(thing: object | undefined): string {
  if (thing === undefined) return '';
  return [
    String(thing),
    thing instanceof Error ? `${thing.stack} ${String(thing.cause)}` : '',
    JSON.stringify(thing),
    JSON.stringify(thing, Object.getOwnPropertyNames(thing)),
    inspect(thing, { depth: null, showHidden: true }),
  ].join('\n');
}
