const MATCHER = /([^\s=!~,]+)(=~|!~|!=|=)("(?:[^"\\]|\\.)*"|[^\s,]+)/g;

/** Splits what is typed into matchers: `condition=x scope=~"BTC.*|global"` are two. Quotes hold spaces and commas together and are dropped. */
export function matchersOf(text: string): readonly string[] {
  return [...text.matchAll(MATCHER)].map(
    ([, name = '', operator = '', value = '']) => name + operator + unquoted(value),
  );
}

/** The rest of what is typed, which is no matcher: without it more would be silenced than was meant. */
export const unreadIn = (text: string): string =>
  text
    .replace(MATCHER, ' ')
    .replace(/[\s,]+/g, ' ')
    .trim();

/** Labels as they are typed: the inverse of {@link matchersOf}. */
export const typed = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${/^$|[\s",]/.test(value) ? JSON.stringify(value) : value}`)
    .join(' ');

const unquoted = (value: string) =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(["\\])/g, '$1') : value;
