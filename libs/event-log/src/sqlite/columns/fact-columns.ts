import type { Fact } from '@opensqt/trading-events';
import { ChunkBytes, type Section, type TextSections, sectionsOf } from './chunk-bytes';

/** What a fact is made of, as a row has it. */
export interface FactRow {
  readonly type: string;
  readonly version: number;
  readonly occurredAt: number;
  /** JSON. */
  readonly data: string;
}

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

interface ShapeBuilder {
  readonly type: string;
  readonly version: number;
  readonly json: boolean;
  readonly fields: readonly string[];
  readonly values: (string | number)[][];
}

/**
 * Puts facts into columns: numbers as doubles, texts that repeat as numbers of a dictionary, other texts one after another.
 * Data with anything else in it (a list, an object, true, null) stays JSON. What comes out again is equal to what
 * `JSON.parse` gives, order of the fields included.
 */
export function encodeFacts(rows: readonly FactRow[]): Uint8Array {
  const shapes = new Map<string, ShapeBuilder>();
  const numbers = new Map<ShapeBuilder, number>();
  const shapeOf = rows.map(({ type, version, data: json }) => {
    const data = JSON.parse(json) as Readonly<Record<string, unknown>>;
    const fields = isFlat(data) ? Object.keys(data) : undefined;
    const kinds = fields?.map((field) => `${typeof data[field]} ${field}`) ?? 'json';
    const key = JSON.stringify([type, version, kinds]);
    let shape = shapes.get(key);
    if (shape === undefined) {
      const names = fields ?? ['json'];
      shape = { type, version, json: fields === undefined, fields: names, values: names.map(() => []) };
      numbers.set(shape, shapes.size);
      shapes.set(key, shape);
    }
    const row = fields === undefined ? [json] : fields.map((field) => data[field] as string | number);
    row.forEach((value, index) => shape.values[index]?.push(value));
    return numbers.get(shape) ?? 0;
  });
  const bytes = new ChunkBytes();
  const header: Header = {
    format: FORMAT,
    rows: rows.length,
    shapeOf: bytes.add(Uint16Array.from(shapeOf)),
    occurredAt: bytes.add(Float64Array.from(rows, ({ occurredAt }) => occurredAt)),
    shapes: [...shapes.values()].map(({ type, version, json, fields, values }) => ({
      type,
      version,
      json,
      columns: fields.map((name, index) => encodeColumn(bytes, name, values[index] ?? [])),
    })),
  };
  return bytes.under(header);
}

/** The facts of a chunk, in order; undefined when its format is not known. */
export function decodeFacts(chunk: Uint8Array): readonly Fact[] | undefined {
  const { header, body } = sectionsOf<Header>(chunk);
  if (header.format !== FORMAT) return undefined;
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
          return Array.from(body.uint8(column.at), (code) => column.words[code] ?? '');
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
    const fact = { type, version, occurredAt: occurredAt[row], data: shape.json ? parsed(data['json']) : data };
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

/** Whether the data is texts and numbers only. A field `__proto__` can't be set like others. */
function isFlat(data: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(data).every(
    ([name, value]) => name !== '__proto__' && (typeof value === 'string' || typeof value === 'number'),
  );
}

function parsed(json: unknown): unknown {
  return JSON.parse(String(json));
}
