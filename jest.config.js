const { availableParallelism } = require('node:os');

module.exports = {
  projects: [
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/apps/*/jest.config.js',
    '<rootDir>/tools/jest.config.js',
  ],
  maxWorkers: Math.ceil(1.5 * availableParallelism()), // suites wait for disks and servers, too
  testTimeout: process.env.OPENSQT_LONG_TESTS ? 600_000 : 120_000,
  reporters: ['default', '<rootDir>/tools/jest-count-reporter.js'],
};
