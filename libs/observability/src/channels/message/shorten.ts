const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const count = new Intl.NumberFormat('en');

/** The cost of a piece of text: its UTF-16 units, unless its markup makes it longer. */
export type TextCost = (piece: string) => number;

const units: TextCost = (piece) => piece.length;

/**
 * Cuts text that is over a limit and says how much was cut, in UTF-16 units. The cut never falls inside a surrogate pair or
 * a grapheme (a flag, an emoji with its skin tone). Shorten what goes into markup before the markup is made, with the cost
 * that it will have, so that no tag or entity is ever cut either.
 *
 * @param limit in the unit of `cost`; UTF-16 units by default
 * @param cost must be additive and at least the piece's length
 *
 * @example
 * shorten('a'.repeat(5_000), 100); // 'aaa…a… (4,924 characters cut)', 100 units long
 */
export function shorten(text: string, limit: number, cost: TextCost = units): string {
  if (cost(text) <= limit) return text;
  const reserved = cost(cutNote(text.length));
  if (reserved > limit) return limit < 1 ? '' : `${beginning(text, limit - 1, cost)}…`;
  const kept = beginning(text, limit - reserved, cost);
  return kept + cutNote(text.length - kept.length);
}

function cutNote(cut: number): string {
  return `… (${count.format(cut)} characters cut)`;
}

/** As many whole graphemes as fit. */
function beginning(text: string, room: number, cost: TextCost): string {
  let spent = 0;
  let end = 0;
  for (const { segment } of graphemes.segment(text)) {
    spent += cost(segment);
    if (spent > room) break;
    end += segment.length;
  }
  return text.slice(0, end);
}
