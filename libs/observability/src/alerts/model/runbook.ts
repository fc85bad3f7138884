/** Finds the page that says what to do about a condition; undefined where no address of such pages is configured. */
export type RunbookLinks = (condition: string) => string | undefined;

/** Longer ones would take the room of what happened. */
const MAX_LENGTH = 1_000;

/**
 * Links to runbooks under an address: `<base>/<condition>.md`, as in this repository's docs/runbooks; or wherever `{condition}`
 * stands in it. The condition is percent-encoded: an application may name its own as it likes.
 *
 * @param base an http or https URL; undefined for no links
 * @example
 * runbookLinks('https://wiki.example.com/{condition}')('strategy_panic'); // 'https://wiki.example.com/strategy_panic'
 */
export function runbookLinks(base: string | undefined): RunbookLinks {
  if (base === undefined) return () => undefined;
  const pattern = base.includes('{condition}') ? base : `${base.replace(/\/+$/, '')}/{condition}.md`;
  return (condition) => {
    const url = pattern.replaceAll('{condition}', () =>
      encodeURIComponent(condition.replace(/[\ud800-\udfff]/gu, '\ufffd')),
    );
    return url.length > MAX_LENGTH ? undefined : url;
  };
}
