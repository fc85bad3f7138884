import type { Causation, CausationNode } from '@opensqt/observability/console-api';
import type { ComponentChildren } from 'preact';
import { count } from '../format/decimal';
import { clockWithMs, duration } from '../format/time';
import { recordLink, route } from '../state/navigation';
import { useRemote } from '../state/remote';
import { Reading } from './failure';
import { Panel } from './panel';

type Cause = Causation['causes'][number];

interface Shown {
  /** Market time of the record that others are measured from. */
  readonly from: number;
  readonly selected: number;
}

function Line({
  node,
  shown,
  children,
}: {
  readonly node: Cause;
  readonly shown: Shown;
  readonly children?: ComponentChildren;
}) {
  const isSelected = node.position === shown.selected;
  const time = node.at > shown.from ? `+${duration(node.at - shown.from)}` : clockWithMs(node.at);
  return (
    <li class={isSelected ? 'sel' : ''}>
      <div>
        <a class="code" href={recordLink(node.position)} aria-current={isSelected ? 'true' : undefined}>
          {count(node.position)}
        </a>
        <span class="muted">{time}</span>
        <span>
          <b>{node.type}</b> {node.words}
        </span>
      </div>
      {children}
    </li>
  );
}

function Effects({ node, shown }: { readonly node: CausationNode; readonly shown: Shown }) {
  const { effects, more } = node;
  return (
    <Line node={node} shown={shown}>
      {effects.length === 0 && more === 0 ? null : (
        <ul>
          {effects.map((effect) => (
            <Effects key={effect.position} node={effect} shown={shown} />
          ))}
          {more === 0 ? null : <li class="muted">{count(more)} more</li>}
        </ul>
      )}
    </Line>
  );
}

function Causes({
  causes,
  children,
}: {
  readonly causes: readonly ComponentChildren[];
  readonly children: ComponentChildren;
}) {
  return causes.reduceRight<ComponentChildren>(
    (inner, cause) => (
      <>
        {cause}
        <li>
          <ul>{inner}</ul>
        </li>
      </>
    ),
    children,
  );
}

/** A record's causes down to it, and what followed from it, as a tree. */
export function CausationPanel({
  position,
  selected,
  title,
}: {
  readonly position: number;
  readonly selected: number;
  readonly title: string;
}) {
  const { at } = route.value;
  const { value, error } = useRemote<Causation>(`events/${position}/causation`, { at });
  if (!value) return <Reading title={title} error={error} />;
  const shown: Shown = { from: value.record.at, selected };
  const causes: ComponentChildren[] = value.causes.map((cause) => (
    <Line key={cause.position} node={cause} shown={shown} />
  ));
  const live = (
    <li key="live">
      <div>
        <span class="muted code">–</span>
        <span class="muted" />
        <span class="muted">a live event that is not on the log</span>
      </div>
    </li>
  );
  return (
    <Panel
      title={title}
      beside={<span class="muted small">of position {count(value.position)}; + market time since it</span>}
    >
      <div class="pad scroll" tabIndex={0} role="region" aria-label={`${title}, tree`}>
        <ul class="tree small">
          <Causes causes={value.causeNotOnLog ? [live, ...causes] : causes}>
            <Effects node={value.record} shown={shown} />
          </Causes>
        </ul>
      </div>
    </Panel>
  );
}
