import { ownFrameOf } from './stack';

const stack = (...frames: readonly string[]): string =>
  ['GridError: at 3 (of 7)', ...frames.map((frame) => `    at ${frame}`)].join('\n');

describe('the innermost own frame of a stack', () => {
  it.each([
    [['Grid.decide (/app/dist/grid.js:12:5)'], 'Grid.decide (dist/grid.js:12:5)'],
    [
      [
        'Decimal.div (/app/node_modules/decimal.js/decimal.js:1:2)',
        'node:internal/process:9:9',
        'async Grid.decide (file:///app/dist/a%20b/grid.mjs:12:5)',
        'Actor.run (/app/dist/actor.js:1:1)',
      ],
      'async Grid.decide (dist/a b/grid.mjs:12:5)',
    ],
    [['/app/dist/grid.js:12:5'], 'dist/grid.js:12:5'],
    [['async /app/dist/grid.js:12:5'], 'dist/grid.js:12:5'],
    [['Array.map (<anonymous>)', 'new Grid (/srv/lib/grid.js:1:5)'], 'new Grid (../srv/lib/grid.js:1:5)'],
    [['decide (grid.ts:1:1)'], 'decide (grid.ts:1:1)'],
  ])('of %j is %s', (frames, expected) => {
    expect(ownFrameOf(stack(...frames), '/app')).toBe(expected);
  });

  it.each([[stack()], [stack('Array.map (<anonymous>)', 'run (node:vm:1:2)')], ['']])(
    'is none in %j',
    (text) => {
      expect(ownFrameOf(text, '/app')).toBeUndefined();
    },
  );
});
