import process from 'node:process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** Checks the tarballs in a folder as a registry's users would meet them; prints what is wrong, and fails when anything is. */
const folder = process.argv[2] ?? 'dist/packages';
for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) {
  const tarball = readFileSync(join(folder, file));
  const { buffer, byteOffset, byteLength } = tarball;
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
  });
  const types = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  const found = [
    ...messages.map((message) => formatMessage(message, pkg)),
    ...(types.types === false ? [] : types.problems.map((problem) => JSON.stringify(problem))),
  ];
  for (const problem of found) process.stderr.write(`${file}: ${problem}\n`);
  if (found.length > 0) process.exitCode = 1;
}
