// Logs alerts with Nest's own logger to whatever standard output is, when told to, and tells its parent that it lives.
const { readFileSync } = require('node:fs');
const { setImmediate } = require('node:timers');
const { transformSync } = require('@swc/core');

const jsc = {
  target: 'es2023',
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true },
};
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc,
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

const { LogChannel } = require('../log/log.channel.ts');
const channel = new LogChannel();

process.on('message', async (notification) => {
  await channel.send({ ...notification, timestamp: new Date(notification.timestamp) });
  setImmediate(() => process.send('alive'));
});
process.send('ready');
