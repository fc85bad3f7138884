/**
 * Puts a text between the lines `<!-- name: … -->` and `<!-- end: name -->` of a page, and leaves the rest of it alone.
 *
 * @param page Markdown
 * @throws Error when the page has no such lines
 */
export function fillMarks(page: string, name: string, text: string): string {
  const [marked, begin, end] =
    new RegExp(`(<!-- ${name}: [^\n]*-->\n).*?(\n<!-- end: ${name} -->)`, 's').exec(page) ?? [];
  if (marked === undefined) {
    throw new Error(
      `The page has no place for '${name}'. Add '<!-- ${name}: … -->' and '<!-- end: ${name} -->'.`,
    );
  }
  return page.replace(marked, () => `${begin}\n${text}\n${end}`);
}
