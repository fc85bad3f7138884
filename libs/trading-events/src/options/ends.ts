/** Controls, formats (zero-width ones among them), separators and fillers that nobody sees; a plain space is none of them. */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]/u;
/** Quotation marks, also those that word processors make of them. One at one end alone may be a password's own. */
const QUOTE = /["'`\u2018-\u201f\u00ab\u00bb]/;

/** The text without the one line break that editors, commands and secret files put at its end. */
export function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/**
 * The demand that a text with something invisible at an end, or in quotation marks, does not meet, completing "allowed: …": they come along with
 * what is copied, or are kept in a file, and are found out much later. Undefined when it meets it. Nothing of the text itself is in it.
 *
 * @param mayBeQuoted true where a text in quotation marks can be meant
 */
export function strangeEnd(text: string, mayBeQuoted = false): string | undefined {
  const ends = [
    [[...text].at(0) ?? '', 'beginning'],
    [[...text].at(-1) ?? '', 'end'],
  ] as const;
  for (const [character, end] of ends) {
    if (INVISIBLE.test(character)) return `without ${nameOf(character)} at its ${end}`;
  }
  const isQuoted = !mayBeQuoted && text.length > 1 && ends.every(([character]) => QUOTE.test(character));
  return isQuoted ? 'without the quotation marks around it' : undefined;
}

function nameOf(character: string): string {
  if (character === '\r') return 'a carriage return (CR)';
  if (character === '\n') return 'a further line break';
  if (character === '\t') return 'a tab';
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `the invisible character U+${code}`;
}
