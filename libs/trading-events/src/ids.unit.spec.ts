import { derivedId, randomIds, seededIds } from './ids';

const NOW = 1_710_374_400_123;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('Ids', () => {
  it('are UUIDs of version 7 that begin with the time', () => {
    for (const nextId of [randomIds(), seededIds(1)]) {
      const id = nextId(NOW);
      expect(UUID.exec(id)?.[1]).toBe('7');
      expect(parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(NOW);
      expect(nextId(NOW + 1) > id).toBe(true);
    }
  });

  it('are unique from the system’s randomness, and the same again from the same seed', () => {
    const nextId = randomIds();
    expect(new Set(Array.from({ length: 10_000 }, () => nextId(NOW))).size).toBe(10_000);
    const [first, second] = [seededIds('a'), seededIds('a')];
    for (let i = 0; i < 100; i++) expect(first(NOW + i)).toBe(second(NOW + i));
    expect(seededIds('b')(NOW)).not.toBe(seededIds('a')(NOW));
  });

  it('follow from their parts alone, and depend on how the parts are divided', () => {
    expect(UUID.exec(derivedId('a', 'b'))?.[1]).toBe('8');
    expect(derivedId('a', 'b')).toBe(derivedId('a', 'b'));
    expect(derivedId('a', 'b')).not.toBe(derivedId('ab'));
  });
});
