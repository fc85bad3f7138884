import { readFile, writeFile } from 'node:fs/promises';

const DOCUMENT = 'docs/benchmarks.md';

/**
 * Puts a suite's results between the marks that `docs/benchmarks.md` has for it, and leaves the rest of the page alone.
 *
 * @param suite as `npm run bench -- --only` takes it
 * @throws Error (rejects) when the page has no marks of that suite
 */
export async function writeBenchmarksDocument(suite: string, results: string): Promise<void> {
  const page = await readFile(DOCUMENT, 'utf8');
  const begin = `<!-- results: ${suite} -->`;
  const end = `<!-- end: ${suite} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(
      `${DOCUMENT} has no place for the suite '${suite}'. Add the lines '${begin}' and '${end}' to it.`,
    );
  }
  await writeFile(DOCUMENT, `${page.slice(0, from + begin.length)}\n\n${results}\n\n${page.slice(to)}`);
}
