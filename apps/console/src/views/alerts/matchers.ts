/** Splits what is typed into matchers: `condition=x scope=~"BTC.*|global"` are two. Quotes hold spaces together and are dropped. */
export function matchersOf(text: string): readonly string[] {
  return [...text.matchAll(/([^\s=!~,]+)(=~|!~|!=|=)("(?:[^"\\]|\\.)*"|[^\s,]+)/g)].map(
    ([, name = '', operator = '', value = '']) => name + operator + unquoted(value),
  );
}

const unquoted = (value: string) =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\(["\\])/g, '$1') : value;
