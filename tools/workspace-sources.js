const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const REPOSITORY = join(__dirname, '..');
const PACKAGES = ['trading-events', 'event-log', 'trading', 'observability', 'configuration'];

/**
 * The sources behind what the libs export, by the name that is imported: `@opensqt/observability/replay` is
 * `…/libs/observability/src/replay/replay.ts`. Tests and documents work on these, and need no build.
 */
module.exports = Object.fromEntries(
  PACKAGES.flatMap((folder) => {
    const lib = join(REPOSITORY, 'libs', folder);
    const { name, exports } = JSON.parse(readFileSync(join(lib, 'package.json'), 'utf8'));
    return Object.entries(exports)
      .filter(([, file]) => file.endsWith('.js'))
      .map(([subpath, file]) => [
        name + subpath.slice(1),
        join(lib, file.replace('/dist/', '/src/').replace(/js$/, 'ts')),
      ]);
  }),
);
