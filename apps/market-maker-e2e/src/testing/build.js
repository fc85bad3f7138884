const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** These tests run what `npm start` runs: it is built first, once. */
module.exports = function build() {
  const repository = join(__dirname, '../../../..');
  execFileSync(process.execPath, [join(repository, 'tools/build.mjs')], {
    cwd: repository,
    stdio: 'inherit',
  });
};
