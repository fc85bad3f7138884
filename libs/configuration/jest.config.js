module.exports = {
  displayName: 'configuration',
  preset: '../../jest.preset.js',
};
