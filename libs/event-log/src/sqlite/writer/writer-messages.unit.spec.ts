import fc from 'fast-check';
import { EventLogError } from '../../event-log';
import { errorOf, failureOf, flatten, unflatten } from './writer-messages';

const text = fc.string({ unit: 'binary' });
const event = fc
  .record({ id: text, type: text, version: fc.integer(), source: text, occurredAt: fc.double() })
  .chain((envelope) =>
    fc.oneof(
      fc.constant(envelope),
      text.map((causationId) => ({ ...envelope, causationId })),
    ),
  );
const batch = fc.record({
  events: fc.array(fc.record({ event, data: text }), { maxLength: 9 }),
  checkpoints: fc.array(fc.record({ consumer: text, position: fc.nat() }), { maxLength: 2 }),
  committedAt: fc.nat(),
});

describe('a batch on its way to the writer thread', () => {
  it('comes out of the flat list as it went in', () => {
    fc.assert(
      fc.property(batch, (given) => {
        expect(unflatten(structuredClone(flatten(given)))).toEqual(given);
      }),
    );
  });
});

describe('an error on its way from the writer thread', () => {
  it('keeps its code, its message and that of its cause', () => {
    const failed = new EventLogError('LOG_FULL', 'Full.', { cause: new Error('The disk is full.') });
    const came = errorOf(structuredClone(failureOf(failed)));
    expect(came).toMatchObject({ code: 'LOG_FULL', message: 'Full.', cause: new Error('The disk is full.') });
    expect(errorOf(failureOf(new RangeError('odd')))).toMatchObject({
      code: 'LOG_WRITE_FAILED',
      message: 'odd',
    });
  });
});
