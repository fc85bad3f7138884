module.exports = {
  displayName: 'trading-events',
  preset: '../../jest.preset.js',
};
