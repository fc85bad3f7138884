import type { ChannelView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change, sentenceOf } from '../../api/client';
import { Action } from '../../components/action';
import { Icon, type Shape } from '../../components/icon';
import { Panel } from '../../components/panel';
import { type Heading, Table } from '../../components/table';
import { count } from '../../format/decimal';
import { clock, duration } from '../../format/time';
import { tense } from '../../state/shown';

interface TestResult {
  readonly channel: string;
  readonly delivered: boolean;
  readonly detail: string;
}

const LOOKS: Readonly<Record<ChannelView['state'], readonly [Shape, string]>> = {
  delivers: ['ok', 'ok'],
  paused: ['warning', 'warn'],
  broken: ['error', 'error'],
  unproven: ['unknown', 'unknown'],
};

function State({ channel }: { readonly channel: ChannelView }) {
  const isStale = tense.value === 'stale';
  const [shape, tone] = isStale ? (['unknown', 'unknown'] as const) : LOOKS[channel.state];
  const words = channel.state === 'unproven' ? 'not tried yet' : channel.state;
  const until = channel.pausedUntilWall === null ? '' : `until ${clock(channel.pausedUntilWall)}`;
  return (
    <span class="state">
      <Icon shape={shape} tone={tone} />
      <span>
        {channel.state === 'delivers' ? words : <b>{words}</b>}{' '}
        <small>{[until, channel.reason ?? ''].filter(Boolean).join('; ')}</small>
      </span>
    </span>
  );
}

const time = (ms: number | null | undefined) =>
  ms == null ? <span class="muted">–</span> : `≤ ${duration(ms)}`;

function Row({ channel, onTest }: { readonly channel: ChannelView; readonly onTest: () => void }) {
  return (
    <tr>
      <th scope="row">{channel.channel}</th>
      <td>
        <State channel={channel} />
      </td>
      <td class="t-wide">{channel.minLevel}</td>
      <td class="num">{count(channel.waiting)}</td>
      <td class="num">{count(channel.delivered)}</td>
      <td class="num t-wide">{count(channel.retried)}</td>
      <td class={`num${channel.deadLetters > 0 ? ' error' : ''}`}>{count(channel.deadLetters)}</td>
      <td class="num t-wide">{time(channel.latency?.p50)}</td>
      <td class="num t-wide">{time(channel.latency?.p99)}</td>
      <td class="num t-wide">
        <Action onClick={onTest}>
          Test <span class="hide">{channel.channel}</span>
        </Action>
      </td>
    </tr>
  );
}

function Tests({ results }: { readonly results: readonly TestResult[] }) {
  if (results.length === 0) return null;
  return (
    <div class="pad stack bordered" role="status">
      {results.map(({ channel, delivered, detail }) => (
        <p key={channel}>
          <Icon shape={delivered ? 'check' : 'error'} tone={delivered ? 'ok' : 'error'} /> Test of{' '}
          <b>{channel}</b>: {detail}
        </p>
      ))}
    </div>
  );
}

const HEADINGS: readonly Heading[] = [
  ['Channel'],
  ['State'],
  ['min_level', 't-wide'],
  ['Waiting', 'num'],
  ['Delivered', 'num'],
  ['Retried', 'num t-wide'],
  ['Dead letters', 'num'],
  ['Latency p50', 'num t-wide'],
  ['p99', 'num t-wide'],
  [<span class="hide">Test</span>, 't-wide'],
];

/** One row per channel. */
export function Channels({ channels }: { readonly channels: readonly ChannelView[] }) {
  const [results, setResults] = useState<readonly TestResult[]>([]);
  const test = (channel: string) => {
    const add = (result: TestResult) =>
      setResults((before) => [...before.filter((one) => one.channel !== channel), result]);
    change<TestResult>('POST', `channels/${encodeURIComponent(channel)}/test`)
      .catch((error: unknown) => ({ channel, delivered: false, detail: sentenceOf(error) }))
      .then(add, () => undefined);
  };
  const all = <Action onClick={() => channels.forEach(({ channel }) => test(channel))}>Test all</Action>;
  return (
    <Panel title="Channels" count={channels.length} right={all}>
      <Table label="Channels" caption="Channels" headings={HEADINGS}>
        {channels.map((channel) => (
          <Row key={channel.channel} channel={channel} onTest={() => test(channel.channel)} />
        ))}
      </Table>
      <Tests results={results} />
      <p class="pad small muted bordered">
        Latency: from the alert's commit to the provider's answer, wall clock.
      </p>
    </Panel>
  );
}
