import { AlertLevel } from '@opensqt/trading-events';
import { pipelineRunner } from './testing/pipeline-runner';
import type { Scenario, Step } from './testing/scenario';

const SECOND = 1_000;
const MINUTE = 60_000;
const subject = { condition: 'exchange_disconnected', symbol: 'BTCUSDT' };
const raise = (level: AlertLevel = AlertLevel.Info): Step => ({ step: 'raise', bot: 'a', subject, level });
const wait = (ms: number): Step => ({ step: 'wait', ms });
const resolve: Step = { step: 'resolve', bot: 'a', subject };

const silence: Step = {
  ...{ step: 'silence', bot: 'a', matchers: ['symbol=BTCUSDT'] },
  ...{ startsIn: 0, lasts: 10 * MINUTE },
};
const endSilence: Step = { step: 'end_silence', bot: 'a', index: 0 };

const scenario = (...steps: readonly Step[]): Scenario => ({
  startAt: Date.UTC(2026, 5, 1, 12),
  settings: {
    ...{ repeatInterval: 60 * MINUTE, burst: 5, groupWindow: 10 * SECOND, incidentGrace: 10 * SECOND },
    flapping: { changes: 3, window: 2 * MINUTE, stableFor: 5 * MINUTE },
  },
  channels: [{ name: 'chat', minLevel: AlertLevel.Info, match: [], acknowledgements: false }],
  steps,
});

describe('a condition that flaps while the clock is set back', () => {
  it('is not notified as flapping again with each change', () => {
    const { sent } = pipelineRunner()(
      scenario(
        ...[raise(), wait(SECOND), resolve, wait(5 * SECOND), silence, raise()],
        ...[
          { step: 'clock', ms: -83 * SECOND } as const,
          wait(SECOND),
          endSilence,
          raise(AlertLevel.Warning),
        ],
        ...[wait(SECOND), raise(AlertLevel.Error), wait(SECOND), raise(AlertLevel.Critical)],
      ),
    );
    const kinds = sent.flatMap(({ channel, kind, level }) =>
      channel === 'chat' ? [`${kind} ${level}`] : [],
    );
    expect(kinds).toEqual([
      'raised INFO',
      'resolved INFO',
      'flapping INFO',
      'escalated WARNING',
      'escalated ERROR',
      'escalated CRITICAL',
    ]);
  });
});
