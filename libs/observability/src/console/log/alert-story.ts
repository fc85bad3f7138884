import type { EventLog, LogRecord } from '@opensqt/event-log';
import type { EventType, SuppressionReason } from '@opensqt/trading-events';
import { AlertRecords } from '../../alerts/diagnostics/alert-records';
import { wordsOf } from '../../alerts/diagnostics/explain';
import { stageOf } from '../../alerts/diagnostics/stages-line';
import { isAlertEvent } from '../../alerts/model/alerts.projection';
import { PIPELINE } from '../../alerts/policy/pipeline';
import type { AlertDetail } from '../api/alerts';
import { recordWords } from '../view/record-view';
import { findBefore, positionAt } from '../../replay/log-reading';

const TYPES = [
  'alert.raised',
  'alert.escalated',
  'alert.suppressed',
  'alert.acknowledged',
  'alert.resolved',
  'delivery.requested',
  'delivery.started',
  'delivery.succeeded',
  'delivery.failed',
  'delivery.abandoned',
] as const satisfies readonly EventType[];

const MAX_STEPS = 2_000;

type Story = Pick<AlertDetail, 'raised' | 'cause' | 'steps' | 'stages' | 'channels'>;
type Channel = AlertDetail['channels'][0];
type Message = Channel['messages'][0];

/** An alert's life as the log has it up to a position: its cause, each decision about each channel, every attempt. */
export async function alertStory(
  log: EventLog,
  { id, since }: { readonly id: string; readonly since: number },
  end: number,
): Promise<Story> {
  const story = new StoryBook();
  const own = new AlertRecords(id);
  const from = Math.max(1, (await positionAt(log, since, end)) - 1);
  for await (const records of log.read({ from, to: end, types: TYPES })) {
    for (const record of records) {
      if (record.bot === log.bot && isAlertEvent(record.event) && own.isAbout(record.event))
        story.add(record);
    }
  }
  const { raisedBy } = story;
  const causeId = raisedBy?.event.causationId;
  const cause =
    raisedBy === undefined || causeId === undefined
      ? undefined
      : await findBefore(log, causeId, raisedBy.position);
  return { ...story.told(), cause: cause === undefined ? null : factStep(cause) };
}

function factStep({ position, event }: LogRecord): AlertDetail['steps'][0] {
  return { position, at: event.occurredAt, type: event.type, words: recordWords(event) };
}

class StoryBook {
  raisedBy: LogRecord | undefined;
  private readonly steps: AlertDetail['steps'] = [];
  private readonly channels = new Map<string, Channel>();
  private readonly messages = new Map<string, Message>();

  add(record: LogRecord): void {
    const { position, event } = record;
    if (!isAlertEvent(event)) return;
    const from = { at: event.occurredAt, position };
    if (this.steps.length < MAX_STEPS)
      this.steps.push({ position, at: event.occurredAt, type: event.type, words: wordsOf(event) });
    switch (event.type) {
      case 'alert.raised':
        this.raisedBy ??= record;
        break;
      case 'alert.suppressed': {
        const { channel, reason, until } = event.data;
        if (channel === undefined) break;
        const hold = { from, reason, until: until ?? null, stages: stagesFor(reason, until) };
        this.channel(channel).holds.push(hold);
        break;
      }
      case 'delivery.requested': {
        const { deliveryId, channel, kind, notice, requestedAt } = event.data;
        const message: Message = {
          ...{ deliveryId, kind, level: notice.level, title: notice.title },
          ...{ requested: from, requestedWall: requestedAt },
          ...{ state: 'waiting', reason: null, attempts: [] },
        };
        this.messages.set(deliveryId, message);
        this.channel(channel).messages.push(message);
        break;
      }
      case 'delivery.started':
        this.message(event.data.deliveryId)?.attempts.push({
          ...{ attempt: event.data.attempt, startedWall: event.data.startedAt },
          ...{ outcome: 'under_way', detail: null, latencyMs: null, nextWall: null },
        });
        break;
      case 'delivery.succeeded': {
        const { deliveryId, attempt, latencyMs } = event.data;
        this.outcome(deliveryId, attempt, { outcome: 'delivered', latencyMs });
        this.end(deliveryId, 'delivered', null);
        break;
      }
      case 'delivery.failed': {
        const { deliveryId, attempt, outcome, detail, nextAttemptAt } = event.data;
        this.outcome(deliveryId, attempt, { outcome, detail, nextWall: nextAttemptAt });
        break;
      }
      case 'delivery.abandoned': {
        const { deliveryId, attempt, reason, detail } = event.data;
        if (reason === 'rejected' || reason === 'too_large' || reason === 'broken' || reason === 'ambiguous')
          this.outcome(deliveryId, attempt, { outcome: reason, detail });
        this.end(deliveryId, 'abandoned', `${reason}: ${detail}`);
        break;
      }
      default:
    }
  }

  told(): Omit<Story, 'cause'> {
    const raised = this.raisedBy;
    return {
      raised: raised === undefined ? null : { at: raised.event.occurredAt, position: raised.position },
      steps: this.steps,
      stages: PIPELINE.map(({ name }) => name),
      channels: [...this.channels.values()],
    };
  }

  private channel(name: string): Channel {
    let channel = this.channels.get(name);
    if (channel === undefined)
      this.channels.set(name, (channel = { channel: name, messages: [], holds: [] }));
    return channel;
  }

  private message(deliveryId: string): Message | undefined {
    return this.messages.get(deliveryId);
  }

  private outcome(deliveryId: string, number: number, outcome: Partial<Message['attempts'][0]>): void {
    const attempt = this.message(deliveryId)?.attempts.find(({ attempt: one }) => one === number);
    if (attempt !== undefined) Object.assign(attempt, outcome);
  }

  private end(deliveryId: string, state: Message['state'], reason: string | null): void {
    const message = this.message(deliveryId);
    if (message !== undefined) Object.assign(message, { state, reason });
  }
}

/** The stages in order: those before the one that held it passed, later ones were not asked. Empty for what no stage says. */
function stagesFor(reason: SuppressionReason, until: number | undefined): Channel['holds'][0]['stages'] {
  const held = PIPELINE.findIndex(({ name }) => name === stageOf(reason));
  if (held < 0) return [];
  return PIPELINE.map(({ name }, index) => ({
    stage: index + 1,
    name,
    answer: index < held ? 'passed' : index === held ? 'held' : 'not_asked',
    reason: index === held ? reason : null,
    until: index === held ? (until ?? null) : null,
  }));
}
