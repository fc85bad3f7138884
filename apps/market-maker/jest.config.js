module.exports = {
  displayName: 'market-maker',
  preset: '../../jest.preset.js',
};
