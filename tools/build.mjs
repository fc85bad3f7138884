// Builds what is not built yet: the libs and apps with the compiler, the page with vite. A build that is up to date is recognised by
// the names, sizes and times of its sources: asking the compiler takes longer than starting the market maker does.
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const root = process.cwd();
const references = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')).references;
const projects = references.map(({ path }) => dirname(resolve(root, path)));
const page = join(root, 'apps/console');

const filesIn = (folder, isRecursive) =>
  readdirSync(folder, { withFileTypes: true, recursive: isRecursive })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** Everything that decides what the compiler makes. */
const compiled = () => [
  ...['tsconfig.base.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(root, name)),
  ...projects.flatMap((project) => [
    ...filesIn(project, false).filter((file) => file.endsWith('.json')),
    ...filesIn(join(project, 'src'), true),
  ]),
];

/** Everything that decides what vite makes. */
const bundled = () => [
  join(root, 'package-lock.json'),
  ...filesIn(page, false),
  ...['src', 'public'].flatMap((folder) => filesIn(join(page, folder), true)),
];

function signature(files) {
  const facts = files
    .filter((file) => existsSync(file))
    .map((file) => {
      const { size, mtimeMs } = statSync(file);
      return `${relative(root, file)} ${size} ${mtimeMs}`;
    });
  return hash('sha256', facts.sort().join('\n'));
}

/** Makes what is not there yet or is older than its sources; ends the process where that fails. */
function build({ stamp: name, sources, made, words, program, args }) {
  const stamp = join(root, 'node_modules/.cache/opensqt', name);
  const now = signature(sources);
  const isMade = made.every((path) => existsSync(path));
  if (isMade && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  rmSync(stamp, { force: true });
  const began = performance.now();
  process.stderr.write(made.some((path) => existsSync(path)) ? words.again : words.first);
  if (!existsSync(program)) {
    process.stderr.write('The packages are not installed. Run npm ci first.\n');
    process.exit(1);
  }
  // What a test starts would otherwise be built as for development: larger, and slower.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(process.execPath, [program, ...args], { stdio: ['inherit', 2, 2], env });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  process.stderr.write(`Built in ${Math.round((performance.now() - began) / 1000)} s.\n`);
}

build({
  stamp: 'built',
  sources: compiled(),
  made: projects.map((project) => join(project, 'dist')),
  words: {
    first: 'Building for the first time; this takes a while …\n',
    again: 'Building what has changed …\n',
  },
  program: join(root, 'node_modules/typescript/bin/tsc'),
  args: ['--build', 'tsconfig.build.json'],
});

if (existsSync(page))
  build({
    stamp: 'page',
    sources: bundled(),
    made: [join(root, 'libs/observability/console/index.html')],
    words: { first: 'Building the page …\n', again: 'Building the page …\n' },
    program: join(root, 'node_modules/vite/bin/vite.js'),
    args: ['build', '--config', join(page, 'vite.config.mjs'), '--logLevel', 'warn'],
  });
