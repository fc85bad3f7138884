module.exports = {
  displayName: 'market-maker-e2e',
  preset: '../../jest.preset.js',
  globalSetup: '<rootDir>/src/testing/build.js',
};
