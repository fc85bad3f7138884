import { checkedVerdict } from './checked-verdict';

/** An answer that the types of a rule do not allow, as a program in JavaScript gives it. */
const given = (answer: unknown) => answer as Parameters<typeof checkedVerdict>[0];

describe('The answer of a rule of an application', () => {
  it('passes when it is a verdict, or none', () => {
    const verdict = given({ verdict: 'resolve', labels: {}, title: 'Fine', message: '', fields: {} });
    expect(checkedVerdict(verdict)).toBe(verdict);
    expect(checkedVerdict(undefined)).toBeUndefined();
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    ['is fulfilled', () => Promise.resolve(undefined)],
  ])('is refused as a promise that %s, and its rejection is not left unhandled', async (_, promise) => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    expect(() => checkedVerdict(given(promise()))).toThrow('without async');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
