import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openForWriting } from './database';
import { limitWal, walBytes } from './wal';

const LIMIT = 4 * 1024 * 1024;

let folder: string;
let path: string;
let writer: DatabaseSync;
let reader: DatabaseSync;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-wal-'));
  path = join(folder, 'events.db');
  writer = openForWriting(path, 'opensqt');
  reader = new DatabaseSync(path, { readOnly: true });
});

afterEach(async () => {
  reader.close();
  writer.close();
  await rm(folder, { recursive: true, force: true });
});

function write(megabytes: number): void {
  const insert = writer.prepare("INSERT INTO checkpoints VALUES ('bot', ?, 1) ON CONFLICT DO NOTHING");
  for (let i = 0; i < megabytes; i++) insert.run(`${Math.random()} ${'x'.repeat(1024 * 1024)}`);
}

describe('the write-ahead log', () => {
  it('grows while a reader stands in it, and is emptied once the reader is gone', () => {
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM checkpoints').get();
    write(12);
    limitWal(writer, path, LIMIT);
    const grown = walBytes(path);
    expect(grown).toBeGreaterThan(12 * 1024 * 1024);
    write(1);
    reader.exec('COMMIT');
    limitWal(writer, path, LIMIT);
    expect(walBytes(path)).toBe(0);
    expect(reader.prepare('SELECT count(*) AS rows FROM checkpoints').get()).toEqual({ rows: 13 });
  });

  it('does not wait for a reader, and leaves the patience of commits as it is', () => {
    write(12);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM checkpoints').get();
    limitWal(writer, path, LIMIT);
    expect(writer.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 250 });
    write(1);
    expect(reader.prepare('SELECT count(*) AS rows FROM checkpoints').get()).toEqual({ rows: 12 });
    reader.exec('COMMIT');
  });

  it('is left alone below its limit', () => {
    write(1);
    const size = walBytes(path);
    limitWal(writer, path, LIMIT);
    expect(walBytes(path)).toBe(size);
  });
});
