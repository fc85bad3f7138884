module.exports = {
  projects: [
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/apps/*/jest.config.js',
    '<rootDir>/tools/jest.config.js',
  ],
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/tools/jest-count-reporter.js'],
};
