import { useEffect, useState } from 'preact/hooks';
import { count } from '../format/decimal';
import { clock, dateAndClock, parseTime } from '../format/time';
import { plural } from '../format/words';
import { go, route } from '../state/navigation';
import { shown } from '../state/shown';
import { positionAt, timeAt } from '../state/timeline';
import {
  head,
  isPlaying,
  jump,
  loadTimeline,
  show,
  speed,
  step,
  timeline,
  togglePlay,
} from '../state/transport';
import { Icon, type Shape } from './icon';

const SPEEDS = [10, 60, 300, 1800];
const LABEL_EACH = 20;

const Button = ({
  label,
  shape,
  onClick,
  isMain = false,
}: {
  readonly label: string;
  readonly shape: Shape;
  readonly onClick: () => void;
  readonly isMain?: boolean;
}) => (
  <button
    type="button"
    class={`square${isMain ? ' main' : ''}`}
    aria-label={label}
    title={label}
    onClick={onClick}
  >
    <Icon shape={shape} />
  </button>
);

/** An input whose text counts when it is left or entered. */
function Entry({
  label,
  value,
  size,
  onEnter,
}: {
  readonly label: string;
  readonly value: string;
  readonly size: number;
  readonly onEnter: (text: string) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const enter = () => {
    if (text !== null) onEnter(text);
    setText(null);
  };
  return (
    <input
      aria-label={label}
      size={size}
      value={text ?? value}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={enter}
      onKeyDown={(event) => (event.key === 'Enter' ? enter() : undefined)}
    />
  );
}

function Track({ at }: { readonly at: number }) {
  const log = timeline.value;
  if (!log) return <div class="track" />;
  const most = Math.max(1, ...log.buckets.map(({ records }) => records));
  const time = timeAt(log, at);
  const width = 100 / Math.max(1, log.buckets.length);
  return (
    <div class="track">
      <svg preserveAspectRatio="none" aria-hidden="true">
        {log.buckets.map(({ from, at: began, records, alerts }, index) => {
          const height = Math.sqrt(records / most) * 100;
          return (
            <rect
              key={from}
              class={`h${alerts > 0 ? ' a' : ''}`}
              x={`${index * width}%`}
              y={`${100 - height}%`}
              width={`${width * 0.8}%`}
              height={`${height}%`}
            >
              <title>{`${clock(began)}: ${plural(records, 'record')}, ${plural(alerts, 'alert')} raised`}</title>
            </rect>
          );
        })}
      </svg>
      {log.buckets.map(({ from, at: began }, index) =>
        index % LABEL_EACH === LABEL_EACH / 2 ? (
          <time key={from} style={{ left: `${index * width}%` }}>
            {clock(began).slice(0, 5)}
          </time>
        ) : null,
      )}
      <input
        type="range"
        min={log.first}
        max={head()}
        value={at}
        aria-label={`Position in the log, ${count(log.first)} to ${count(head())}`}
        aria-valuetext={`position ${count(at)}${time === null ? '' : `, ${dateAndClock(time)} UTC`}`}
        onInput={(event) => show(Number(event.currentTarget.value))}
      />
    </div>
  );
}

/** Goes through the log: a slider over its positions, play, steps, and jumps from alert to alert. */
export function Transport() {
  useEffect(() => void loadTimeline(), []);
  const at = route.value.at ?? head();
  const log = timeline.value;
  const time = shown.value?.position === at ? shown.value.time : log ? timeAt(log, at) : null;
  const toTime = (text: string) => {
    const wanted = parseTime(text, time ?? 0);
    const position = log && wanted !== null ? positionAt(log, wanted) : null;
    if (position !== null) show(position);
  };
  return (
    <section class={`transport${route.value.at === null ? ' live' : ''}`} aria-label="Position in the log">
      <div class="row">
        <Button label="Previous alert" shape="prev" onClick={() => jump(-1)} />
        <Button label="One record back" shape="back" onClick={() => step(-1)} />
        <Button
          label={isPlaying.value ? 'Pause' : 'Play'}
          shape={isPlaying.value ? 'pause' : 'play'}
          isMain
          onClick={togglePlay}
        />
        <Button label="One record on" shape="step" onClick={() => step(1)} />
        <Button label="Next alert" shape="next" onClick={() => jump(1)} />
        <label class="field t-wide">
          <span class="muted">Speed</span>
          <select value={speed.value} onChange={(event) => (speed.value = Number(event.currentTarget.value))}>
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one} × market time
              </option>
            ))}
          </select>
        </label>
        <span class="field">
          <span class="muted t-wide">Position</span>
          <Entry
            label="Position"
            value={count(at)}
            size={8}
            onEnter={(text) => show(Number(text.replace(/\D/g, '')))}
          />
        </span>
        <span class="muted">of {count(head())}</span>
        <span class="field t-wide">
          <span class="muted">Time, UTC</span>
          <Entry label="Time, UTC" value={time === null ? '' : clock(time)} size={19} onEnter={toTime} />
        </span>
        {route.value.at === null ? null : (
          <button type="button" class="t-wide" onClick={() => go({ at: null })}>
            Live <kbd>Esc</kbd>
          </button>
        )}
      </div>
      <Track at={at} />
    </section>
  );
}
