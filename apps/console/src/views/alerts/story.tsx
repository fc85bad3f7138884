import type { AlertDetail } from '@opensqt/observability/console-api';
import type { ComponentChildren } from 'preact';
import { Icon } from '../../components/icon';
import { Empty, Panel } from '../../components/panel';
import { Table } from '../../components/table';
import { clock, duration } from '../../format/time';
import { spaced } from '../../format/words';
import { Stages } from './stages';

type ChannelStory = AlertDetail['channels'][number];
type Message = ChannelStory['messages'][number];
type Attempt = Message['attempts'][number];

const Outcome = ({ outcome }: Pick<Attempt, 'outcome'>) => {
  switch (outcome) {
    case 'delivered':
      return (
        <span class="ok">
          <Icon shape="check" /> accepted
        </span>
      );
    case 'under_way':
      return <span class="muted">under way</span>;
    case 'ambiguous':
    case 'rate_limited':
    case 'transient':
      return (
        <span class="warn">
          <Icon shape="warning" /> {spaced(outcome)}
        </span>
      );
    case 'rejected':
    case 'too_large':
    case 'broken':
      return (
        <span class="error">
          <Icon shape="error" /> {spaced(outcome)}
        </span>
      );
  }
};

function AttemptRow({ attempt }: { readonly attempt: Attempt }) {
  const facts = [
    attempt.startedWall === null ? '' : clock(attempt.startedWall),
    attempt.latencyMs === null ? '' : `${duration(attempt.latencyMs)} after commit`,
    attempt.detail ?? '',
    attempt.nextWall === null ? '' : `next at ${clock(attempt.nextWall)}`,
  ];
  return (
    <li>
      <span class="muted">attempt {attempt.attempt}</span>
      <Outcome outcome={attempt.outcome} />
      <span class="muted">{facts.filter(Boolean).join(' · ')}</span>
    </li>
  );
}

function Attempts({ message }: { readonly message: Message }) {
  return (
    <ol class="attempts">
      {message.attempts.map((attempt) => (
        <AttemptRow key={attempt.attempt} attempt={attempt} />
      ))}
      {message.state === 'abandoned' ? (
        <li>
          <span class="muted">{message.attempts.length === 0 ? 'no attempt' : 'gave up'}</span>
          <span class="error">
            <Icon shape="error" /> dead letter
          </span>
          <span class="muted">{message.reason ?? ''}</span>
        </li>
      ) : message.attempts.length === 0 ? (
        <li>
          <span class="muted">waiting</span>
        </li>
      ) : null}
    </ol>
  );
}

interface Line {
  readonly key: string;
  readonly at: number;
  readonly stages: ComponentChildren;
  readonly what: string;
  readonly does: ComponentChildren;
}

function linesOf({ messages, holds, channel }: ChannelStory, names: readonly string[]): readonly Line[] {
  const passed = names.map((name, index) => {
    const isAsked = channel !== 'log' || index === 0;
    return {
      stage: index + 1,
      name,
      answer: isAsked ? ('passed' as const) : ('not_asked' as const),
      reason: null,
      until: null,
    };
  });
  const lines: Line[] = [
    ...messages.map((message) => ({
      key: message.deliveryId,
      at: message.requested.at,
      stages: <Stages stages={passed} />,
      what: spaced(message.kind),
      does: <Attempts message={message} />,
    })),
    ...holds.map((held) => ({
      key: `${held.from.position} ${held.reason}`,
      at: held.from.at,
      stages: <Stages stages={held.stages} />,
      what: held.until === null ? 'held' : `held until ${clock(held.until)} market time`,
      does: (
        <span class="muted">
          not notified: {held.stages.find(({ answer }) => answer === 'held')?.reason ?? spaced(held.reason)}
        </span>
      ),
    })),
  ];
  return lines.sort((a, b) => a.at - b.at);
}

function Channel({ story, stages }: { readonly story: ChannelStory; readonly stages: readonly string[] }) {
  const lines = linesOf(story, stages);
  const heading = (
    <th scope="row" class="top-aligned" rowSpan={Math.max(1, lines.length)}>
      {story.channel}
    </th>
  );
  if (lines.length === 0)
    return (
      <tr>
        {heading}
        <td class="t-wide" />
        <td class="muted small">–</td>
        <td class="muted">nothing was decided for it</td>
      </tr>
    );
  return (
    <>
      {lines.map((line, index) => (
        <tr key={line.key}>
          {index === 0 ? heading : null}
          <td class="t-wide">{line.stages}</td>
          <td class="muted small">{line.what}</td>
          <td>{line.does}</td>
        </tr>
      ))}
    </>
  );
}

/** Each channel's messages and attempts, and the stages that held. */
export function Story({ detail }: { readonly detail: AlertDetail }) {
  const legend = (
    <span class="legend">
      <span class="ok">
        <Icon shape="check" /> passed
      </span>
      <span class="warn">
        <Icon shape="held" /> held
      </span>
      <span>dotted: not asked</span>
    </span>
  );
  return (
    <Panel title="Who was notified, and why not" right={legend}>
      {detail.channels.length === 0 ? (
        <Empty>No channel has been asked yet.</Empty>
      ) : (
        <>
          <Table
            class="who-table"
            label="Channels"
            caption="Each channel: answers of the stages, then attempts"
            headings={[
              ['Channel'],
              [`Stages 1–${detail.stages.length}`, 't-wide'],
              ['What'],
              ['Delivery, wall clock UTC'],
            ]}
          >
            {detail.channels.map((story) => (
              <Channel key={story.channel} story={story} stages={detail.stages} />
            ))}
          </Table>
          <p class="pad small muted bordered">
            Stages in order: {detail.stages.map((name, index) => `${index + 1} ${spaced(name)}`).join(', ')}.
            Times of deliveries are the wall clock's; those of the alert the market's.
          </p>
        </>
      )}
    </Panel>
  );
}
