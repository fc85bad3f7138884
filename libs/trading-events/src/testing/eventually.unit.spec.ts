import { eventually } from './eventually';

describe('eventually', () => {
  it('asks again until the condition returns true', async () => {
    let asked = 0;
    await eventually(() => ++asked === 3);
    expect(asked).toBe(3);
  });

  it('asks again until the expectations in the condition are met', async () => {
    const seen: number[] = [];
    await eventually(async () => {
      seen.push(seen.length);
      await Promise.resolve();
      expect(seen).toHaveLength(3);
    });
    expect(seen).toEqual([0, 1, 2]);
  });

  it('asks once when the condition holds already', async () => {
    let asked = 0;
    await eventually(() => expect(++asked).toBeGreaterThan(0), { within: 0 });
    expect(asked).toBe(1);
  });

  it('fails with the condition and the last value when the time is over', async () => {
    const orders = ['placed'];
    const waiting = eventually(() => orders.length === 2, { within: 20 });
    await expect(waiting).rejects.toThrow(
      /^Not within 0\.02 s: \(\) ?=> ?orders\.length === 2\nThe last value seen: false$/,
    );
  });

  it('fails with what the last expectation found, in the words of the caller', async () => {
    let fills = 0;
    const waiting = eventually(() => expect((fills += 1)).toBe(0), { within: 20, what: 'no fills' });
    await expect(waiting).rejects.toThrow(/^Not within 0\.02 s: no fills\n.*toBe\(.*Received: .*\d/s);
  });

  it('adds the evidence as it is when the time is over', async () => {
    let output = 'starting';
    const waiting = eventually(() => ((output = 'refused'), false), { within: 0, showing: () => output });
    await expect(waiting).rejects.toThrow(/Meanwhile:\nrefused$/);
  });

  it('shortens the source of a long condition', async () => {
    const waiting = eventually(
      () =>
        `${'x'.repeat(3)}` ===
        'a name that is so long that nobody wants to read all of it in a message about a test that fails, least of all when it goes on and on beyond the two hundred characters that are shown of it',
      {
        within: 0,
      },
    );
    await expect(waiting).rejects.toThrow(/…\nThe last value seen: false$/);
  });

  it('passes on at once an error that is no unmet expectation', async () => {
    let asked = 0;
    const waiting = eventually(() => {
      asked += 1;
      throw new TypeError('no such table');
    });
    await expect(waiting).rejects.toThrow(new TypeError('no such table'));
    expect(asked).toBe(1);
  });
});
