import { type EventShapes, shapeChanges } from './shape-changes';

const recorded: EventShapes = {
  'order.filled': { 1: { fee: 'string, decimal string', side: "'buy', `buy`" } },
};
const today = (version: number, fields: Readonly<Record<string, string>>): EventShapes => ({
  'order.filled': { [version]: { fee: 'string, decimal string', side: "'buy', `buy`", ...fields } },
});

describe('a change of an event', () => {
  it('is none when the shape is what was recorded', () => {
    expect(shapeChanges(recorded, today(1, {}))).toEqual([]);
  });

  it.each([
    ['a new field', { liquidity: "'maker', text" }, "liquidity was absent and is 'maker', text"],
    ['another type', { fee: 'number, decimal string' }, 'fee was string, decimal string and is number'],
    ['another rule', { fee: 'string, text' }, 'fee was string, decimal string and is string, text'],
  ])('needs a new version: %s', (_, fields, what) => {
    const [message] = shapeChanges(recorded, today(1, fields));
    expect(message).toContain('order.filled changed and is still version 1');
    expect(message).toContain(what);
    expect(message).toContain('raise its version to 2');
  });

  it('is to be recorded with its new version, and then is right', () => {
    const second = today(2, { liquidity: "'maker', text" });
    expect(shapeChanges(recorded, second)).toEqual([
      expect.stringContaining(
        'order.filled is at version 2, which golden/shapes.json does not have: add {"2":',
      ),
    ]);
    const both = { 'order.filled': { ...recorded['order.filled'], ...second['order.filled'] } };
    expect(shapeChanges(both, second)).toEqual([]);
  });

  it('never removes an event', () => {
    expect(shapeChanges(recorded, {})).toEqual([expect.stringContaining('order.filled is gone')]);
  });
});
