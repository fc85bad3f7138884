import type { FieldRule } from './catalogue-entry';
import { Fault, wrongType } from './rejection';

const MAX_ID_LENGTH = 256;
const MAX_TEXT_BYTES = 8_192;
const LABEL = /^[^\p{Cc}\p{Cs}\s"\\{}][^\p{Cc}\p{Cs}\p{Zl}\p{Zp}"\\]{0,63}$/u;

/** Labels that were found good: there are few, they come with every event, and the pattern costs ten times a look-up. */
const goodLabels = new Set<string>();
const MAX_GOOD_LABELS = 2_000;

const noLabel = wrongType('text of 1 to 64 characters');
const badLabel = new Fault('bad_label', '1 to 64 printable characters without quotes, braces or backslashes');
const noText = wrongType('text');

/** A metric's label: 1 to 64 printable characters. */
export const label: FieldRule = {
  kind: 'label',
  parse: (value) => {
    if (typeof value !== 'string') return noLabel;
    if (goodLabels.has(value)) return value;
    if (!LABEL.test(value)) return badLabel;
    if (goodLabels.size < MAX_GOOD_LABELS) goodLabels.add(value);
    return value;
  },
};

/** An id: 1 to 256 characters of well-formed Unicode, none of them a control character. */
export const id = identifier('id', 1);

/** A name, which may be empty where there is none; otherwise as an {@link id}. */
export const name = identifier('name', 0);

/** Any text: shown to people, never a label. What is longer than 8 KB is cut and says so. */
export const text: FieldRule = {
  kind: 'text',
  parse: (value) => (typeof value === 'string' ? cutText(value) : noText),
};

/** The text as well-formed Unicode of at most 8 KB. */
export function cutText(value: string): string {
  const isShort =
    value.length * 3 <= MAX_TEXT_BYTES ||
    (value.length <= MAX_TEXT_BYTES && Buffer.byteLength(value) <= MAX_TEXT_BYTES);
  if (isShort) return value.isWellFormed() ? value : value.toWellFormed();
  const mark = ` … (cut at 8 KB; it has ${value.length} characters)`;
  const room = MAX_TEXT_BYTES - Buffer.byteLength(mark);
  const bytes = Buffer.from(value.slice(0, room).replace(/[\ud800-\udbff]$/, ''));
  let end = Math.min(room, bytes.length);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + mark;
}

function identifier(kind: string, minLength: number): FieldRule {
  const bad = new Fault(
    'bad_id',
    `${minLength} to ${MAX_ID_LENGTH} characters of well-formed Unicode without control characters`,
  );
  return {
    kind,
    parse: (value) => {
      if (typeof value !== 'string') return noText;
      return value.length >= minLength && value.length <= MAX_ID_LENGTH && isPrintable(value) ? value : bad;
    },
  };
}

/** ASCII is seen without a branch per character, at a quarter of what the pattern costs: an event has up to five ids. */
function isPrintable(value: string): boolean {
  let outside = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    outside |= (code - 0x20) | (0x7e - code);
  }
  return outside >= 0 || (value.isWellFormed() && !/\p{Cc}/u.test(value));
}
