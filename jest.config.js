module.exports = {
  projects: [
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/apps/*/jest.config.js',
    '<rootDir>/tools/jest.config.js',
  ],
  maxWorkers: '100%', // suites wait for disks and servers more than they compute
  testTimeout: process.env.OPENSQT_LONG_TESTS ? 600_000 : 120_000,
  reporters: ['default', '<rootDir>/tools/jest-count-reporter.js'],
};
