const MAX_TEXT = 1_000;

/**
 * The words of a request, with whom its sender says to act for. That proves nothing: who did it is the name of the token.
 *
 * @returns at most 1,000 characters; undefined where there are no words and no claim
 */
export function withClaim<Words extends string | undefined>(
  words: Words,
  { by, name }: { readonly by?: string | undefined; readonly name: string },
): Words | string {
  if (by === undefined || by === name) return words;
  const said = words === undefined ? `as ${by}` : `${words} (as ${by})`;
  return said.slice(0, MAX_TEXT).toWellFormed();
}
