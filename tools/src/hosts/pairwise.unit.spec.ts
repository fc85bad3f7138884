import { pairwise } from './pairwise';

const FACTORS = {
  color: ['red', 'green', 'blue'],
  size: [1, 2],
  sweet: [true, false],
  form: ['a', 'b', 'c'],
} as const;

describe('the rows of pairwise()', () => {
  const rows = pairwise(FACTORS);

  it('have each value of each factor beside each of each other one', () => {
    const factors = Object.entries(FACTORS);
    for (const [one, values] of factors)
      for (const [other, others] of factors.filter(([factor]) => factor !== one))
        for (const value of values)
          for (const otherValue of others)
            expect(rows).toContainEqual(expect.objectContaining({ [one]: value, [other]: otherValue }));
  });

  it('have all factors, and are fewer than the product', () => {
    for (const row of rows) expect(Object.keys(row).sort()).toEqual(Object.keys(FACTORS).sort());
    expect(rows.length).toBeLessThan(15);
  });
});
