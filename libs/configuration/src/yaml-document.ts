import {
  type Document,
  LineCounter,
  type YAMLError,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
} from 'yaml';
import type { KeyPath, Violation } from '@opensqt/trading-events/options';

/** The content of a file, before it is judged. */
export interface YamlDocument {
  readonly value: unknown;
  /** The line of a key, or of the nearest section around it that is in the file; undefined when there is none. */
  lineOf(path: KeyPath): number | undefined;
}

/**
 * The syntax errors, reworded: the parser's own may quote the file, and the file may hold secrets.
 */
const MISTAKES: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'an alias (*name) of an anchor that does not exist',
  BAD_COLLECTION_TYPE: 'a tag that does not fit its value',
  BAD_INDENT: 'an indentation that does not fit the lines around it',
  BAD_SCALAR_START: 'a value that starts with a reserved character',
  BLOCK_AS_IMPLICIT_KEY: 'a key nested in the line of another one',
  DUPLICATE_KEY: 'the same key a second time',
  MISSING_CHAR: 'something unfinished, such as a quote, a bracket, a comma or a colon',
  MULTILINE_IMPLICIT_KEY: 'a key that goes over more than one line',
  MULTIPLE_DOCS: 'a second document (---)',
  TAB_AS_INDENT: 'a tab in the indentation',
  TAG_RESOLVE_FAILED: 'an unknown tag (!name)',
  UNEXPECTED_TOKEN: 'something that does not belong here',
};

const ALLOWED: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'each key once',
  TAB_AS_INDENT: 'spaces',
  UNEXPECTED_TOKEN: 'YAML 1.2; inside { } or [ ] a ${NAME} needs quotes',
};

/**
 * Reads YAML 1.2 (core schema): `yes` is text, `<<` is a key like any other, a key may occur once.
 *
 * @returns the document, or everything that is wrong with the syntax
 */
export function readYaml(source: string): YamlDocument | readonly Violation[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) return untilLost(mistakes).map((mistake) => syntaxViolation(mistake, lines));
  try {
    const value: unknown = document.toJS();
    return { value, lineOf: (path) => lineOf(document, path, lines) };
  } catch {
    const found = 'an alias (*name) without its anchor, or aliases that expand without bound';
    return [{ path: '', found, allowed: 'YAML with fewer aliases' }];
  }
}

/** The parser's mistakes up to the first after which it no longer knows where it is: the rest would be its own. */
function untilLost(mistakes: readonly YAMLError[]): readonly YAMLError[] {
  const inOrder = mistakes.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const lost = inOrder.findIndex(({ code }) => code === 'UNEXPECTED_TOKEN' || code === 'MISSING_CHAR');
  return lost === -1 ? inOrder : inOrder.slice(0, lost + 1);
}

function syntaxViolation({ code, pos }: YAMLError, lines: LineCounter): Violation {
  const { line, col } = lines.linePos(pos[0]);
  return {
    path: '',
    line,
    column: col,
    found: MISTAKES[code] ?? `a mistake in the syntax (${code})`,
    allowed: ALLOWED[code] ?? 'YAML 1.2',
  };
}

function lineOf(document: Document, path: KeyPath, lines: LineCounter): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const segment of path) {
    if (isAlias(node)) break;
    const child: unknown = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === segment)
      : isSeq(node) && typeof segment === 'number'
        ? node.items[segment]
        : undefined;
    if (child === undefined) break;
    const place = isPair(child) ? child.key : child;
    if (isScalar(place) || isMap(place) || isSeq(place)) offset = place.range?.[0] ?? offset;
    node = isPair(child) ? child.value : child;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
