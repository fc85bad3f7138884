import { MemoryEventLog } from '@opensqt/event-log';
import { type AlertEvent, type AnyEvent, type DeliveryRequested, createEvent } from '@opensqt/trading-events';
import { explainAlert, explainEvent } from '../../alerts/diagnostics/explain';
import { breach, cleared } from '../../alerts/testing/breach';
import { Decisions, decisionContext } from '../../alerts/testing/decisions';
import { alertsOptions } from '../../options/alerts.options';
import { alertStory } from './alert-story';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

const isToChat = (event: AlertEvent): event is Extract<AlertEvent, { type: 'delivery.requested' }> =>
  event.type === 'delivery.requested' && event.data.channel === 'chat';

function delivered(
  { deliveryId, alertId, channel }: DeliveryRequested,
  occurredAt: number,
): readonly AnyEvent[] {
  const message = { deliveryId, alertId, channel, attempt: 1 };
  return [
    createEvent('delivery.started', { ...message, startedAt: occurredAt }, { occurredAt }),
    createEvent('delivery.succeeded', { ...message, latencyMs: 5 }, { occurredAt }),
  ];
}

describe('the story of an alert that was sent in a digest', () => {
  const settings = alertsOptions.parse({ burst: 1 });
  const decisions = new Decisions(decisionContext({ settings, now: NOON }));
  const events: AnyEvent[] = [];
  const log = new MemoryEventLog({});
  const happen = (event: ReturnType<typeof breach> | ReturnType<typeof cleared>) =>
    events.push(event, ...decisions.on(event));

  beforeAll(async () => {
    for (const [n, scope] of ['A', 'B', 'C', 'D'].entries()) happen(breach(scope, NOON + n));
    happen(cleared('C', NOON + 10));
    happen(cleared('A', NOON + 11));
    const due = decisions.due(NOON + 2 * MINUTE);
    events.push(...due);
    for (const { data } of due.filter(isToChat)) events.push(...delivered(data, NOON + 2 * MINUTE));
    await log.append(events);
  });
  afterAll(() => log.close());

  const idOf = (scope: string): string => {
    const raised = events.find(
      (event) => event.type === 'alert.raised' && event.data.labels['scope'] === scope,
    );
    return raised?.type === 'alert.raised' ? raised.data.alertId : '';
  };
  const told = async (scope: string) =>
    (await explainAlert(log.read(), idOf(scope))).flatMap(({ type, words }) =>
      type.startsWith('delivery.') && words.startsWith('chat') ? [words] : [],
    );
  const digest = [
    'chat is to send: digest',
    'chat, attempt 1',
    'chat accepted it, 5 ms after the request (wall clock)',
  ];

  it('has the digest and its attempts, whether the alert is open or came and went', async () => {
    expect(await told('B')).toEqual(digest);
    expect(await told('C')).toEqual(digest);
  });

  it('is led to by its event, too', async () => {
    const event = events.find(({ type, data }) => type === 'risk.limit_breached' && data.scope === 'B');
    const { steps = [] } = (await explainEvent(log.read(), event?.id ?? '', decisionContext())) ?? {};
    expect(steps.map(({ words }) => words)).toEqual(expect.arrayContaining(digest));
  });

  it('has none of the digests that others are in', async () => {
    expect(await told('A')).toEqual(['chat is to send: raised', 'chat is to send: resolved']);
  });

  it('is the same on the page', async () => {
    const { channels } = await alertStory(log, { id: idOf('D'), since: NOON }, log.status().position);
    expect(channels.find(({ channel }) => channel === 'chat')?.messages).toMatchObject([
      {
        kind: 'digest',
        title: expect.stringContaining('3 alerts'),
        state: 'delivered',
        attempts: [{ latencyMs: 5 }],
      },
    ]);
  });
});
