import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { type AlertEvent, AlertLevel, DRILL, randomIds } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { EventRecorder } from '../../ingest/event-recorder';
import { ALERT_POLICY } from '../model/alert-tokens';
import type { Channel } from '../policy/channel-route';
import { raiseFacts } from '../policy/facts';
import type { AlertPolicy } from '../policy/settings';
import { checkedRequest, drillRequest } from '../runtime/request-schemas';
import { AlertDecider } from '../runtime/alert-decider';
import { AlertLedger } from '../store/alert-ledger';
import type { DrillAlert, DrillAnswer, DrillReport } from './drill-report';

/** Milliseconds for the leader's decisions, and between looks at the log. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 50;

/**
 * Raises an alert of each level that says that nothing happened, and reports from the log what was decided about it: routes, silences,
 * quiet hours and messages are the real ones.
 */
@Injectable()
export class Drills {
  private readonly nextId = randomIds();

  constructor(
    private readonly recorder: EventRecorder,
    private readonly ledger: AlertLedger,
    private readonly decider: AlertDecider,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ALERT_POLICY) private readonly policy: AlertPolicy,
  ) {}

  /** @throws AlertError `INVALID_REQUEST`; EventLogError when the log does not take the alerts */
  async run(by: string): Promise<DrillReport> {
    checkedRequest(drillRequest, { by });
    await this.recorder.ready();
    const context = this.decider.context();
    const drillId = this.nextId(context.now);
    const raised = Object.values(AlertLevel).flatMap((level) => {
      const cause = { id: this.nextId(context.now), occurredAt: context.now };
      return raiseFacts(this.ledger.state, DRILL, drillAlert(level, drillId, by), cause, context);
    });
    const from = this.log.status().position + 1;
    await this.ledger.recordRequest(raised);
    const alerts = raised.flatMap((event) =>
      event.type === 'alert.raised' ? [{ level: event.data.notice.level, alertId: event.data.alertId }] : [],
    );
    const answers = await this.answers(new Set(alerts.map(({ alertId }) => alertId)), from);
    return {
      drillId,
      alerts: alerts.map(({ level, alertId }): DrillAlert => {
        const channels = this.policy.channels.map((channel) =>
          answerOf(channel, level, answers.get(alertId)),
        );
        return { level, alertId, channels };
      }),
    };
  }

  /** The decisions on those alerts, by alert and channel: all of them, or those that the log has in time. */
  private async answers(alerts: ReadonlySet<string>, from: number): Promise<Answers> {
    const found: Answers = new Map([...alerts].map((id) => [id, new Map<string, AlertEvent>()]));
    const deadline = performance.now() + PATIENCE_MS;
    let position = from;
    for (;;) {
      const types = ['alert.suppressed', 'delivery.requested'] as const;
      for await (const records of this.log.read({ from: position, types })) {
        for (const record of records) {
          position = record.position + 1;
          const { event } = record;
          if (event.type !== 'alert.suppressed' && event.type !== 'delivery.requested') continue;
          const { alertId, channel } = event.data;
          const known = found.get(alertId);
          if (channel !== undefined && known?.has(channel) === false) known.set(channel, event);
        }
      }
      const isWhole = [...found.values()].every(({ size }) => size === this.policy.channels.length);
      if (isWhole || performance.now() > deadline) return found;
      await delay(LOOK_MS);
    }
  }
}

type Answers = Map<string, Map<string, AlertEvent>>;

function drillAlert(level: AlertLevel, drillId: string, by: string) {
  return {
    verdict: 'raise',
    level,
    title: `DRILL: an alert of the level ${level}`,
    message: `Nothing happened and there is nothing to do. ${by} looks who is notified of an alert of the level ${level}.`,
    fields: { 'Started by': by },
    labels: { drill: drillId, level },
    oneOff: true,
  } as const;
}

function answerOf(
  { name: channel, unacknowledgedAfter }: Channel,
  level: AlertLevel,
  answers: ReadonlyMap<string, AlertEvent> | undefined,
): DrillAnswer {
  const event = answers?.get(channel);
  if (event?.type === 'delivery.requested') return { channel, answer: 'notified' };
  if (event?.type !== 'alert.suppressed') return { channel, answer: 'undecided' };
  const { reason, until } = event.data;
  const isLater = reason === 'awaiting_acknowledgement' && level === AlertLevel.Critical;
  return {
    ...{ channel, answer: 'held', reason },
    ...(until === undefined ? {} : { until }),
    ...(isLater && unacknowledgedAfter !== undefined ? { unacknowledgedAfter } : {}),
  };
}
