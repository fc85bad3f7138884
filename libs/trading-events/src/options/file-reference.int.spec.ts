import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { parseOptions } from './read-options';
import { httpUrl, text } from './text';
import type { Violation } from './violation';

const schema = z.strictObject({
  name: text({ allowed: 'a name' }).optional(),
  token: text({ allowed: 'a token', pattern: /^\S+$/, secret: true }).optional(),
  url: httpUrl('a URL', { secret: true }).optional(),
});

describe('a secret of options in code that is kept in a file', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'opensqt-secrets-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function fileWith(content: string): { readonly file: string } {
    const file = join(folder, 'secret');
    writeFileSync(file, content);
    return { file };
  }

  function violations(options: unknown): readonly Violation[] {
    let found: readonly Violation[] = [];
    const refusal = (all: readonly Violation[]): Error => {
      found = all;
      return new Error('refused');
    };
    expect(() => parseOptions(schema, options, refusal)).toThrow('refused');
    return found;
  }

  it('is what the file holds, without its line break', () => {
    const read = (options: z.input<typeof schema>) =>
      parseOptions(schema, options, () => new Error('refused'));
    expect(read({ token: fileWith('s3cr3t\n') })).toEqual({ token: 's3cr3t' });
    expect(read({ url: fileWith('https://hooks.example/x\r\n') })).toEqual({
      url: 'https://hooks.example/x',
    });
  });

  it('is refused where the file is not there, is empty, or holds what nobody sees', () => {
    expect(violations({ token: { file: join(folder, 'absent') } })).toEqual([
      {
        path: 'token',
        found: '(hidden)',
        allowed: 'a token, { file } names a file that does not exist',
      },
    ]);
    for (const content of ['', 's3cr3t\u200b', '"s3cr3t"']) {
      const [violation] = violations({ token: fileWith(content) });
      expect(violation).toMatchObject({ path: 'token', found: '(hidden)' });
      expect(JSON.stringify(violation)).not.toContain('s3cr3t');
    }
  });

  it('is not read for what is no secret', () => {
    expect(violations({ name: fileWith('eve') })).toMatchObject([{ path: 'name', allowed: 'a name' }]);
  });
});
