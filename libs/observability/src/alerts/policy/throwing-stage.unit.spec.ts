import { createEvent } from '@opensqt/trading-events';
import { Decisions, decisionContext } from '../testing/decisions';
import { PIPELINE } from './pipeline';
import type { Stage } from './stages/stage';

const occurredAt = Date.UTC(2026, 0, 1);
const tripped = createEvent(
  'circuit_breaker.tripped',
  { scope: 'BTCUSDT', reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 600_000 },
  { occurredAt },
);

/** The pipeline, one stage of which throws. */
const withThrowing = (name: string): readonly Stage[] =>
  PIPELINE.map((stage) => ({
    ...stage,
    judge: (look) => {
      if (stage.name === name) throw new TypeError('cannot read properties of undefined');
      return stage.judge(look);
    },
  }));

describe('a stage that throws', () => {
  const names = PIPELINE.map(({ name }) => name).filter((name) => name !== 'repeat'); // it is asked only of repeats

  it.each(names)('is passed over, and alerted once: %s', (name) => {
    const decisions = new Decisions(decisionContext({ stages: withThrowing(name), now: occurredAt }));
    const events = [...decisions.on(tripped), ...decisions.on({ ...tripped, id: 'again' })];
    const sent = events.flatMap((event) =>
      event.type === 'delivery.requested' && event.data.channel === 'chat' ? [event.data.notice.title] : [],
    );
    expect(sent).toEqual(['Circuit breaker tripped: BTCUSDT', `Alerting fails: ${name}`]);
    const failing = [...decisions.state.open.values()].filter(
      ({ condition }) => condition === 'alerting_failing',
    );
    expect(failing).toMatchObject([{ level: 'CRITICAL', labels: { part: name } }]);
  });
});
