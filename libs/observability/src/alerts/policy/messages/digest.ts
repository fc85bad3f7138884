import { type AlertEvent, type EpochMs, createEvent, derivedId } from '@opensqt/trading-events';
import {
  type Alert,
  type AlertsState,
  type Digest,
  type DigestEntry,
  findAlert,
} from '../../model/alerts.state';
import type { Cause } from '../../model/cause';
import { fingerprintOf } from '../../model/fingerprint';
import type { Channel } from '../channel-route';
import { holdFact } from './messages';
import { digestNotice } from './notices';
import { PIPELINE, runStages } from '../pipeline';
import { quietUntil } from '../stages/quiet-hours';
import { answerOf, lookAt } from '../reconcile';
import type { Failure, PolicyContext } from '../settings';
import type { Look, Stage, StageAnswer } from '../stages/stage';

/** The condition of a digest. */
export const DIGEST = 'digest';

/** Holds the alerts that leave a digest that is due, since something else holds them by now. */
export function digestHolds(
  state: Readonly<AlertsState>,
  channelName: string,
  context: PolicyContext,
  failures: Failure[],
): readonly AlertEvent[] {
  const channel = channelOf(channelName, context);
  const digest = state.digests.get(channelName);
  if (channel === undefined || digest === undefined) return [];
  const cause = causeOf(state, channelName, digest, context);
  const stages = (context.stages ?? PIPELINE).filter(({ name }) => name !== 'throttle');
  const stagesOfLine = stages.filter(({ name }) => name !== 'incident'); // it was asked when it was over
  const answerTo = (look: Look | undefined, asked: readonly Stage[]): StageAnswer =>
    look === undefined ? 'pass' : answerOf(runStages(look, failures, asked));
  return [...digest.entries].flatMap(([fingerprint, entry]) => {
    const alerts = entry.held.flatMap((alertId) => {
      const alert = findAlert(state, fingerprint, alertId);
      return alert === undefined
        ? []
        : [{ alert, answer: answerTo(lookAt(state, alert, channel, context), stages) }];
    });
    const line = lineOf(entry);
    const lines =
      line === undefined
        ? []
        : [{ alert: line, answer: answerTo(lookOfLine(state, line, channel, context), stagesOfLine) }];
    return [...alerts, ...lines].flatMap(({ alert, answer }) =>
      answer === 'pass' || answer === 'exempt' ? [] : [holdFact(alert, channel, answer, cause)],
    );
  });
}

/** The request to send a channel's digest, if something is left in it. */
export function digestRequest(
  state: Readonly<AlertsState>,
  channel: string,
  context: PolicyContext,
): readonly AlertEvent[] {
  const digest = state.digests.get(channel);
  const inUse = channelOf(channel, context);
  if (inUse === undefined || digest === undefined || digest.entries.size === 0) return [];
  const { quietHours } = inUse;
  if (quietHours !== undefined && quietUntil(quietHours, context.now) !== undefined) return [];
  const { notice, named, others } = digestNotice(state, digest, context);
  const { id: alertId } = causeOf(state, channel, digest, context);
  const deliveryId = derivedId('delivery', alertId);
  return [
    createEvent(
      'delivery.requested',
      {
        deliveryId,
        alertId,
        fingerprint: fingerprintOf(DIGEST, { bot: context.bot, channel }),
        channel,
        kind: 'digest',
        notice,
        requestedAt: context.wallNow,
        digest: { named, others },
      },
      { id: deliveryId, occurredAt: context.now },
    ),
  ];
}

/** The lines of a digest wait until then: there were too many messages. */
export function throttledLines(
  state: Readonly<AlertsState>,
  channel: string,
  until: EpochMs,
  context: PolicyContext,
): readonly AlertEvent[] {
  const digest = state.digests.get(channel);
  if (digest === undefined) return [];
  const cause = causeOf(state, channel, digest, context);
  return [...digest.entries.values()].flatMap((entry) => {
    const line = lineOf(entry);
    return line === undefined
      ? []
      : [holdFact(line, { name: channel }, { reason: 'throttled', until }, cause)];
  });
}

/** A clock that was set back may show a digest's times again: what the channel was sent before sets it apart. */
function causeOf(
  { traffic }: Readonly<AlertsState>,
  channel: string,
  { since, entries }: Digest,
  { bot, now }: PolicyContext,
): Cause {
  const alerts = [...entries.values()].flatMap(({ held, passed }) => [...held, passed?.alertId ?? '']);
  const before = (traffic.get(channel) ?? []).join(' ');
  const id = derivedId('digest', bot, channel, String(since), String(now), before, ...alerts);
  return { id, occurredAt: now };
}

function channelOf(name: string, { channels }: PolicyContext): Channel | undefined {
  return channels.find((channel) => channel.name === name);
}

/** The alert that stands for what came and went of a subject. */
function lineOf({ passed }: DigestEntry): Alert | undefined {
  return passed === undefined ? undefined : { ...passed.worst, id: passed.alertId, status: 'one_off' };
}

function lookOfLine(
  state: Readonly<AlertsState>,
  alert: Alert,
  channel: Channel,
  { now, settings }: PolicyContext,
): Look {
  return { state, alert, channel, kind: 'raised', notified: undefined, now, settings };
}
