import type { RulesView } from '@opensqt/observability/console-api';

export type Setting = RulesView['settings'][number];
/** Texts of the form by key; a setting that is not among them is as it is in force. */
export type Texts = Readonly<Record<string, string>>;

/** A setting whose text says something else than what is in force. */
interface Change {
  readonly key: string;
  readonly before: Setting['value'];
  readonly after: unknown;
}

/** A value as it is edited: a list as JSON, nothing as an empty text. */
export const textOf = (value: Setting['value']): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** The settings that were changed. */
export const changesOf = (settings: readonly Setting[], texts: Texts): readonly Change[] =>
  settings.flatMap(({ key, value }) => {
    const text = (texts[key] ?? textOf(value)).trim();
    return text === textOf(value) ? [] : [{ key, before: value, after: valueOf(text, value) }];
  });

/** The value of a text; one that is none of its kind stays a text, which the bot refuses by its key. */
function valueOf(text: string, before: Setting['value']): unknown {
  if (text === '') return null;
  if (typeof before === 'string' || before === null) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The section `alerts` with the changes alone, as the API takes it. */
export function sectionOf(changes: readonly Change[]): object {
  const root: Record<string, unknown> = {};
  for (const { key, after } of changes) {
    const names = key.split('.');
    const last = names.pop() ?? '';
    const section = names.reduce<Record<string, unknown>>(
      (within, name) => (within[name] ??= {}) as Record<string, unknown>,
      root,
    );
    section[last] = after;
  }
  return root;
}

/** A line of YAML: one that is there before and after, only before, or only after. */
interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The changes as lines of the configuration. */
export function linesOf(changes: readonly Change[]): readonly Line[] {
  const lines: Line[] = [{ sign: ' ', text: 'alerts:' }];
  let open = '';
  for (const { key, before, after } of changes) {
    const names = key.split('.');
    const indent = '  '.repeat(names.length);
    const section = names.slice(0, -1).join('.');
    if (section !== open && section !== '') lines.push({ sign: ' ', text: `  ${section}:` });
    open = section;
    const line = (sign: '-' | '+', value: unknown) =>
      lines.push({ sign, text: `${indent}${names.at(-1) ?? ''}: ${scalar(value)}` });
    if (before !== null) line('-', before);
    line('+', after);
  }
  return lines;
}

/** JSON is YAML too; a word that can't be read as anything else needs no quotes. */
const scalar = (value: unknown): string =>
  typeof value === 'string' && /^(?!true$|false$|null$)(\d+(ms|s|m|h|d)|[A-Za-z]\w*)$/.test(value)
    ? value
    : JSON.stringify(value);
