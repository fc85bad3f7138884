const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** These tests run what `npm start` runs: it is built first, once. */
module.exports = function build() {
  const repository = join(__dirname, '../../../..');
  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '--build', 'tsconfig.build.json'], {
    cwd: repository,
    stdio: 'inherit',
  });
};
