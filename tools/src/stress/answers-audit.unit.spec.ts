import { type Seen, auditAnswers } from './answers-audit';

const NONE = { lost: 0, gaps: 0, repeats: 0, disorder: 0, seenTwice: 0, seenLate: 0, unseen: 0 };

function records(...symbols: readonly string[]): readonly Seen[] {
  return symbols.map((symbol, index) => ({ position: index + 1, symbol }));
}

const log = records('a-1', 'b-1', 'a-2', 'a-3');
const [first, second, third, fourth] = log as readonly [Seen, Seen, Seen, Seen];

describe('the audit of a log whose answers were cut', () => {
  it('finds nothing in a log that holds all of it once, and whose readers saw that', () => {
    expect(auditAnswers(log, ['a-1', 'a-2', 'b-1'], [log, log])).toEqual(NONE);
  });

  it.each([
    ['an acknowledged event is not there', { lost: 1 }, log, [log]],
    ['a record is there twice', { repeats: 1, disorder: 1 }, records('b-1', 'b-1'), [], ['b-1']],
    ['a writer’s events are in another order', { disorder: 2 }, records('a-2', 'a-1'), [], ['a-1']],
    ['a position is missing', { gaps: 2 }, [first, third, fourth], [], ['a-1']],
    ['a reader saw one twice', { seenTwice: 1 }, log, [log, [first, second, second, third, fourth]], ['a-1']],
    ['a reader saw one late', { seenLate: 1 }, log, [[first, third, second, fourth]], ['a-1']],
    ['a reader never saw one', { unseen: 1 }, log, [[first, second, fourth]], ['a-1']],
    ['a reader saw another one', { unseen: 1 }, log, [records('a-1', 'b-1', 'a-2', 'c-1')], ['a-1']],
  ] as const)(
    'counts it when %s',
    (_what, faults, held, readers, acknowledged: readonly string[] = ['a-4']) => {
      expect(auditAnswers(held, acknowledged, readers)).toMatchObject(faults);
    },
  );
});
