/**
 * Lets a child process or a worker of a test run the sources as they are:
 * `node --require <this> x.ts`. Node strips types by itself, but neither resolves imports without an extension, or libs to
 * their sources, nor handles decorators. Tests start hundreds of them, so each source is transformed once and kept.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { threadId } = require('node:worker_threads');
const { version } = require('@swc/core/package.json');

const sources = require('../../workspace-sources.js');

const FOLDER = join(__dirname, '../../../node_modules/.cache/opensqt-sources');
const OPTIONS = {
  swcrc: false,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, parent, ...rest) => {
  const isSource = parent?.filename?.endsWith('.ts') && request.startsWith('.');
  return sources[request] ?? resolve(isSource ? request.replace(/\.js$/, '') : request, parent, ...rest);
};

require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8');
  const key = [version, JSON.stringify(OPTIONS), filename, source].join('\n');
  const kept = join(FOLDER, `${createHash('sha256').update(key).digest('hex')}.js`);
  module._compile(read(kept) ?? transform(source, filename, kept), filename);
};

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function transform(source, filename, kept) {
  const { code } = require('@swc/core').transformSync(source, { ...OPTIONS, filename });
  const unfinished = `${kept}.${process.pid}-${threadId}`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(unfinished, code);
  renameSync(unfinished, kept);
  return code;
}
