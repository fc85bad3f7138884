module.exports = {
  projects: ['<rootDir>/libs/*/jest.config.js', '<rootDir>/apps/*/jest.config.js', '<rootDir>/tools/jest.config.js'],
  reporters: ['default', '<rootDir>/tools/jest-count-reporter.js'],
};
