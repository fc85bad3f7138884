/** A stream of numbers in [0, 1). Injected wherever chance is involved, so that a seed repeats a run. */
export type Random = () => number;

/**
 * A reproducible {@link Random}: the same seed gives the same stream. Not for secrets.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded by spreading the seed with splitmix32.
 *
 * @param seed any number or text; the whole value counts, not only its low bits
 * @example
 * const random = seededRandom('day-1');
 * random(); // the same first number in every run
 */
export function seededRandom(seed: number | string): Random {
  let state = 0x9e3779b9;
  for (const char of String(seed)) state = Math.imul(state ^ char.charCodeAt(0), 0x85ebca6b) >>> 0;
  const spread = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, counter] = [spread(), spread(), spread(), 1];
  return () => {
    const sum = (a + b + counter++) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 2 ** 32;
  };
}
