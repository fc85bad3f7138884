import type { Fact } from '@opensqt/trading-events';
import { ChunkBytes, type Section, type TextSections, sectionsOf } from './chunk-bytes';

/** Version of the bytes below. A chunk of another one is not read, and the JSON is. */
const FORMAT = 1;

/** So many values at most are worth a dictionary: their numbers fit into a byte. */
const DICTIONARY_SIZE = 256;

/** One field of all facts of one shape, in the order of the facts. */
type Column =
  | { readonly name: string; readonly as: 'numbers'; readonly at: Section }
  | { readonly name: string; readonly as: 'words'; readonly words: readonly string[]; readonly at: Section }
  | ({ readonly name: string; readonly as: 'texts' } & TextSections);

/** Facts of the same type, version and fields. Without columns: their data is JSON, in a column of its own. */
interface Shape {
  readonly type: string;
  readonly version: number;
  readonly columns: readonly Column[];
  readonly json: boolean;
}

interface Header {
  readonly format: number;
  readonly rows: number;
  /** The shape of each fact, by number. */
  readonly shapeOf: Section;
  readonly occurredAt: Section;
  readonly shapes: readonly Shape[];
}

/** The facts of one shape, while they are collected. */
interface ShapeRows {
  readonly number: number;
  readonly type: string;
  readonly version: number;
  /** Undefined where the data stays JSON. */
  readonly fields: readonly string[] | undefined;
  readonly values: readonly (string | number)[][];
}

/**
 * Puts facts into columns: numbers as doubles, texts that repeat as numbers of a dictionary, other texts one after another.
 * Data with anything else in it (a list, an object, true, null) stays JSON. What comes out again is equal to what
 * `JSON.parse` gives, order of the fields included.
 */
export function encodeFacts(facts: readonly Fact[]): Uint8Array {
  const shapes: ShapeRows[] = [];
  const shapesOf = new Map<string, ShapeRows[]>();
  const shapeOf = facts.map((fact) => {
    const { type, version } = fact;
    const data = fact.data as unknown as Readonly<Record<string, unknown>>;
    const fields = Object.keys(data);
    let known = shapesOf.get(type);
    if (known === undefined) shapesOf.set(type, (known = []));
    let shape = known.find((each) => each.version === version && has(each, fields, data));
    if (shape === undefined) {
      const flat = isFlat(data) ? fields : undefined;
      const values = (flat ?? ['json']).map(() => []);
      shape = { number: shapes.length, type, version, fields: flat, values };
      shapes.push(shape);
      known.push(shape);
    }
    const { values } = shape;
    if (shape.fields === undefined) values[0]?.push(JSON.stringify(data));
    else shape.fields.forEach((field, index) => values[index]?.push(data[field] as string | number));
    return shape.number;
  });
  const bytes = new ChunkBytes();
  const header: Header = {
    format: FORMAT,
    rows: facts.length,
    shapeOf: bytes.add(Uint16Array.from(shapeOf)),
    occurredAt: bytes.add(Float64Array.from(facts, ({ occurredAt }) => occurredAt)),
    shapes: shapes.map(({ type, version, fields, values }) => ({
      type,
      version,
      json: fields === undefined,
      columns: (fields ?? ['json']).map((name, index) => encodeColumn(bytes, name, values[index] ?? [])),
    })),
  };
  return bytes.under(header);
}

/**
 * The facts of a chunk, in order; undefined when its format is not known or it has facts that are not accepted.
 *
 * @param accepts judges the types and versions that are in it
 */
export function decodeFacts(
  chunk: Uint8Array,
  accepts: (type: string, version: number) => boolean,
): readonly Fact[] | undefined {
  const { header, body } = sectionsOf<Header>(chunk);
  if (header.format !== FORMAT) return undefined;
  if (!header.shapes.every(({ type, version }) => accepts(type, version))) return undefined;
  const shapeOf = body.uint16(header.shapeOf);
  const occurredAt = body.float64(header.occurredAt);
  const shapes = header.shapes.map((shape) => ({
    ...shape,
    names: shape.columns.map(({ name }) => name),
    values: shape.columns.map((column): ArrayLike<string | number> => {
      switch (column.as) {
        case 'numbers':
          return body.float64(column.at);
        case 'words':
          return wordsOf(body.uint8(column.at), column.words);
        case 'texts':
          return body.texts(column);
      }
    }),
    next: 0,
  }));
  const facts: Fact[] = [];
  for (let row = 0; row < header.rows; row++) {
    const shape = shapes[shapeOf[row] ?? 0];
    if (shape === undefined) return undefined;
    const { type, version, names, values } = shape;
    const index = shape.next++;
    const data: Record<string, unknown> = {};
    for (let column = 0; column < names.length; column++) data[names[column] ?? ''] = values[column]?.[index];
    const fact = {
      type,
      version,
      occurredAt: occurredAt[row],
      data: shape.json ? parsed(data['json']) : data,
    };
    facts.push(fact as unknown as Fact);
  }
  return facts;
}

function encodeColumn(bytes: ChunkBytes, name: string, values: readonly (string | number)[]): Column {
  if (typeof values[0] === 'number') {
    return { name, as: 'numbers', at: bytes.add(Float64Array.from(values, Number)) };
  }
  const texts = values.map(String);
  const words = [...new Set(texts)];
  if (words.length <= DICTIONARY_SIZE && words.length < texts.length) {
    const codes = new Map(words.map((word, code) => [word, code]));
    const at = bytes.add(Uint8Array.from(texts, (text) => codes.get(text) ?? 0));
    return { name, as: 'words', words, at };
  }
  return { name, as: 'texts', ...bytes.addTexts(texts) };
}

function wordsOf(codes: Uint8Array, words: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const code of codes) texts.push(words[code] ?? '');
  return texts;
}

/** Whether the data has the fields of the shape, in their order and of their kinds; a shape of JSON has only what has no other. */
function has(shape: ShapeRows, fields: readonly string[], data: Readonly<Record<string, unknown>>): boolean {
  if (shape.fields === undefined) return !isFlat(data);
  if (shape.fields.length !== fields.length) return false;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? '';
    if (field !== shape.fields[index] || typeof data[field] !== typeof shape.values[index]?.[0]) return false;
  }
  return true;
}

/** Whether the data is texts and numbers only. A field `__proto__` can't be set like others. */
function isFlat(data: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(data).every(
    ([name, value]) => name !== '__proto__' && (typeof value === 'string' || typeof value === 'number'),
  );
}

function parsed(json: unknown): unknown {
  return JSON.parse(String(json));
}
