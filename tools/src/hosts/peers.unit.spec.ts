import { join } from 'node:path';
import { declaredPeers, triedVersion } from './peers';

describe('The versions of a peer that are tried', () => {
  it.each([
    ['^11.0.0 || ^12.0.0', ['11.0.0', '^11.0.0', '12.0.0', '^12.0.0']],
    [
      '>=0.200.0 <0.300.0 || >=0.300.0 <1.0.0',
      ['0.200.0', '>=0.200.0 <0.300.0', '0.300.0', '>=0.300.0 <1.0.0'],
    ],
    ['^8.11.0', ['8.11.0', '^8.11.0', '^8.11.0', '^8.11.0']],
  ])('are the ends of %s', (range, tried) => {
    const nests = [11, 12] as const;
    const edges = ['lowest', 'newest'] as const;
    expect(nests.flatMap((nest) => edges.map((edge) => triedVersion(range, nest, edge)))).toEqual(tried);
  });

  it.each([...declaredPeers(join(__dirname, '../../..'))])('has two ends to try: %s %s', (_, range) => {
    const alternatives = range.split(' || ');
    expect(alternatives.length).toBeLessThanOrEqual(2);
    for (const one of alternatives)
      expect(one).toMatch(/^([~^]\d+\.\d+\.\d+|>=\d+\.\d+\.\d+ <\d+\.\d+\.\d+)$/);
  });
});
