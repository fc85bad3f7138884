import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { compactPng } from './compact-png';

describe('a compact picture', () => {
  it('has the same pixels, by number of their colour', () => {
    const compact = compactPng(
      png(2, 2, [
        [2, 255, 0, 0, 255, 0, 0],
        [1, 0, 0, 255, 0, 0, 0],
      ]),
    );
    expect(dataOf(compact, 'IHDR')).toEqual(Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 3, 0, 0, 0]));
    expect(dataOf(compact, 'PLTE')).toEqual(Buffer.from([255, 0, 0, 0, 0, 255]));
    expect(inflateSync(dataOf(compact, 'IDAT'))).toEqual(Buffer.from([0, 0, 0, 0, 1, 1]));
  });

  it('takes the nearest colour where there are more than 256', () => {
    const row = [0, ...Array.from({ length: 257 }, (_, at) => [at & 255, at >> 8, 0]).flat()];
    const compact = compactPng(png(257, 1, [row]));
    const last = inflateSync(dataOf(compact, 'IDAT')).at(-1) ?? 0;
    expect(dataOf(compact, 'PLTE').subarray(last * 3, last * 3 + 3)).toEqual(Buffer.from([0, 0, 0]));
  });
});

function png(width: number, height: number, rows: readonly (readonly number[])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([Buffer.alloc(8), chunk('IHDR', header), chunk('IDAT', data)]);
}

function chunk(type: string, data: Buffer): Buffer {
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(data));
  return Buffer.concat([length, Buffer.from(type), data, sum]);
}

function dataOf(file: Buffer, type: string): Buffer {
  const at = file.indexOf(type, 0, 'latin1');
  return file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4));
}
