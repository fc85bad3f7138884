/** A piece of a chunk: where it begins, behind the header, and how many bytes it has. */
export type Section = readonly [at: number, length: number];

/** A column of texts. `ends` counts UTF-16 units; neither encoding changes a text, whatever is in it. */
export interface TextSections {
  readonly ends: Section;
  readonly encoding: 'latin1' | 'utf16le';
  readonly text: Section;
}

const PREFIX_BYTES = 4;
// eslint-disable-next-line no-control-regex -- every character that takes one byte
const LATIN1 = /^[\u0000-\u00ff]*$/;

/**
 * Collects the columns of a chunk. A chunk is the header's length (4 bytes), the header as JSON, and the sections; each begins
 * at a multiple of 8, so that they can be read in place. Numbers are little-endian, as on every machine that Node runs on
 * today but s390x.
 */
export class ChunkBytes {
  private readonly parts: Buffer[] = [];
  private length = 0;

  add(values: Float64Array | Uint32Array | Uint16Array | Uint8Array): Section {
    return this.addBytes(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }

  /** Texts one after another, and where each ends. */
  addTexts(texts: readonly string[]): TextSections {
    let end = 0;
    const ends = this.add(Uint32Array.from(texts, (text) => (end += text.length)));
    const all = texts.join('');
    const encoding = LATIN1.test(all) ? 'latin1' : 'utf16le';
    return { ends, encoding, text: this.addBytes(Buffer.from(all, encoding)) };
  }

  /** The whole chunk. */
  under(header: unknown): Uint8Array {
    const json = Buffer.from(JSON.stringify(header), 'utf8');
    const begin = aligned(PREFIX_BYTES + json.length);
    const head = Buffer.alloc(begin);
    head.writeUInt32LE(json.length, 0);
    json.copy(head, PREFIX_BYTES);
    return Buffer.concat([head, ...this.parts]);
  }

  private addBytes(bytes: Buffer): Section {
    const section: Section = [this.length, bytes.length];
    const padding = aligned(bytes.length) - bytes.length;
    this.parts.push(bytes, Buffer.alloc(padding));
    this.length += bytes.length + padding;
    return section;
  }
}

/** The header of a chunk, and its sections. */
export function sectionsOf<Header>(chunk: Uint8Array): {
  readonly header: Header;
  readonly body: ChunkSections;
} {
  // In place where the bytes are aligned, which they are when they come from SQLite.
  const bytes = chunk.byteOffset % 8 === 0 ? chunk : Uint8Array.from(chunk);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = buffer.readUInt32LE(0);
  const header = JSON.parse(buffer.toString('utf8', PREFIX_BYTES, PREFIX_BYTES + length)) as Header;
  return { header, body: new ChunkSections(buffer.subarray(aligned(PREFIX_BYTES + length))) };
}

/** The sections of a chunk, read in place. */
export class ChunkSections {
  constructor(private readonly bytes: Buffer) {}

  float64([at, length]: Section): Float64Array {
    return new Float64Array(this.bytes.buffer, this.bytes.byteOffset + at, length / 8);
  }

  uint32([at, length]: Section): Uint32Array {
    return new Uint32Array(this.bytes.buffer, this.bytes.byteOffset + at, length / 4);
  }

  uint16([at, length]: Section): Uint16Array {
    return new Uint16Array(this.bytes.buffer, this.bytes.byteOffset + at, length / 2);
  }

  uint8([at, length]: Section): Uint8Array {
    return this.bytes.subarray(at, at + length);
  }

  texts({ ends, encoding, text: [at, length] }: TextSections): readonly string[] {
    const all = this.bytes.toString(encoding, at, at + length);
    const texts: string[] = [];
    let begin = 0;
    for (const end of this.uint32(ends)) {
      texts.push(all.slice(begin, end));
      begin = end;
    }
    return texts;
  }
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}
