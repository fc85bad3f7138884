/**
 * Sources run uncompiled: libs are resolved to their sources and transformed by swc, which keeps constructor injection
 * working. NestJS 12 ships ES modules only, so its packages are transformed too. Files named `*.long.*`
 * are left to `npm run test:long`.
 */
const sources = require('./tools/workspace-sources.js');

const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

module.exports = {
  setupFiles: [require.resolve('./tools/src/testing/worker-threads.js')],
  testEnvironment: 'node',
  testMatch: [
    `<rootDir>/src/**/${process.env.OPENSQT_LONG_TESTS ? '*.long' : '!(*.long)'}.{unit,int,e2e}.spec.ts`,
  ],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    ...Object.fromEntries(Object.entries(sources).map(([name, file]) => [`^${name}$`, file])),
  },
  transform: { '^.+\\.(ts|m?js)$': ['@swc/jest', swc] },
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/)'],
};
