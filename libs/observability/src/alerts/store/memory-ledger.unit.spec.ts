import { AlertLevel } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { raiseFacts } from '../policy/facts';
import { MemoryLedger } from './memory-ledger';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

describe('alerts about the log, whose clock is set back', () => {
  it('do not wait until it has caught up', async () => {
    let now = NOON;
    const settings = alertsOptions.parse({ burst: 1 });
    const policy = { bot: 'a', rules: [], settings, channels: [{ name: 'log' }, { name: 'chat' }] };
    const clock = { now: () => now };
    const ledger = new MemoryLedger(policy, clock.now, clock, () => undefined);
    for (const condition of ['event_log_space', 'event_log_behind']) {
      const text = { title: condition, message: '', fields: {} };
      const verdict = { verdict: 'raise', labels: {}, level: AlertLevel.Warning, ...text } as const;
      const cause = { id: condition, occurredAt: now };
      await ledger.record(raiseFacts(ledger.state, condition, verdict, cause, ledger.context()));
    }
    ledger.decideDue();
    now -= 60 * MINUTE;
    ledger.decideDue();
    now += 2 * MINUTE;
    ledger.decideDue();
    const kinds = [...ledger.state.pending.values()].flatMap(({ channel, kind }) =>
      channel === 'chat' ? [kind] : [],
    );
    expect(kinds).toEqual(['raised', 'digest']);
  });
});
