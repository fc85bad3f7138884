/** Characters of an id that are enough to ask for it, where no other begins with them. */
const MIN_PREFIX = 4;
/** Candidates that an error names. */
const NAMED = 10;

/** A short id that can't be used. */
export class IdPrefixError extends Error {
  override readonly name = 'IdPrefixError';
}

/**
 * The id that begins with what was given, which may be all of it. What no id begins with is returned as it is, for whoever looks it up to say so.
 *
 * @param what each of the ids names, for the error: `open alert`
 * @throws IdPrefixError when more than one id begins with it, with the candidates, or when it is shorter than four characters
 *
 * @example
 * idByPrefix('0192f0c1', ['0192f0c1-2f0a-7c3e-9b1d-5a2f6f1e7c11'], 'open alert');
 */
export function idByPrefix(given: string, ids: Iterable<string>, what: string): string {
  const wanted = given.trim();
  const candidates = new Set<string>();
  for (const id of ids) {
    if (id === wanted) return id;
    if (wanted !== '' && id.startsWith(wanted)) candidates.add(id);
  }
  const [found, ...others] = candidates;
  if (found === undefined) return wanted;
  if (wanted.length < MIN_PREFIX) {
    throw new IdPrefixError(
      `'${wanted}' is too short for an id (${what}): give at least ${MIN_PREFIX} characters.`,
    );
  }
  if (others.length === 0) return found;
  const named = [found, ...others].slice(0, NAMED);
  const more = candidates.size - named.length;
  throw new IdPrefixError(
    `'${wanted}' is the beginning of ${candidates.size} ids. Which ${what}: ${named.join(', ')}${more === 0 ? '' : ` or ${more} more`}?`,
  );
}
