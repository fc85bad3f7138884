import { derivedId } from '@opensqt/trading-events';
import { Decisions, decisionContext } from '../testing/decisions';
import { decide } from './decision';

const MINUTE = 60_000;
const start = Date.UTC(2026, 0, 1);

describe('an alert that a part of alerting fails', () => {
  const context = decisionContext({ now: start });

  function failing(part: string): Decisions {
    const decisions = new Decisions(context);
    decide(decisions.book, { what: 'failed', failures: [{ part, error: new Error('no') }] }, context);
    return decisions;
  }

  const open = (decisions: Decisions): readonly string[] =>
    [...decisions.state.open.values()].map(({ condition }) => condition);

  it('ends when a stage or a channel has not failed for ten minutes', () => {
    const decisions = failing('channel slack');
    expect(open(decisions)).toEqual(['alerting_failing']);
    decisions.due(start + 10 * MINUTE - 1);
    expect(open(decisions)).toEqual(['alerting_failing']);
    decisions.due(start + 10 * MINUTE);
    expect(open(decisions)).toEqual([]);
  });

  it('stays while a rule has not been asked again', () => {
    const decisions = failing('circuit_breaker_trip');
    decisions.due(start + 60 * MINUTE);
    expect(open(decisions)).toEqual(['alerting_failing']);
  });

  it('ends later when it failed again meanwhile', () => {
    const decisions = failing('silence');
    const later = { ...context, now: start + 5 * MINUTE };
    decide(decisions.book, { what: 'failed', failures: [{ part: 'silence', error: derivedId('x') }] }, later);
    decisions.due(start + 14 * MINUTE);
    expect(open(decisions)).toEqual(['alerting_failing']);
    decisions.due(start + 15 * MINUTE);
    expect(open(decisions)).toEqual([]);
  });
});
