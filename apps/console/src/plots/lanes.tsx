import type { Series } from '@opensqt/observability/console-api';
import { clock, seconds } from '../format/time';
import { spaced } from '../format/words';

type Lane = Series['symbols'][number]['lanes'][number];

/** The look of a stretch of time. */
function laneLook({
  state,
  reason,
}: Pick<Lane, 'state' | 'reason'>): 'ok' | 'one' | 'stop' | 'lost' | 'none' {
  if (state === 'quoting') return 'ok';
  if (state === 'stopped') return 'none';
  switch (reason) {
    case 'breaker':
    case 'strategy_panic':
      return 'stop';
    case 'disconnected':
    case 'stale_price':
      return 'lost';
    case 'limit':
      return 'one';
    default:
      return 'none';
  }
}

const LEGEND = [
  ['ok', 'quoting'],
  ['one', 'held by a limit'],
  ['stop', 'breaker or panic'],
  ['lost', 'no feed'],
  ['none', 'stopped, warming up, other'],
] as const;

const words = ({ state, reason }: Lane) =>
  state === 'quoting' ? 'quoting' : `${state}${reason === null ? '' : `: ${spaced(reason)}`}`;

interface LanesProps {
  readonly symbols: readonly { readonly symbol: string; readonly lanes: readonly Lane[] }[];
  readonly from: number;
  readonly to: number;
}

const Patterns = () => (
  <svg class="patterns" width="0" height="0" aria-hidden="true">
    <defs>
      <pattern id="h-one" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path class="pat-one" d="M0 0v6" stroke-width="3.4" />
      </pattern>
      <pattern id="h-lost" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <path class="pat-lost" d="M0 0v5" stroke-width="4" />
      </pattern>
      <pattern id="h-none" width="4" height="4" patternUnits="userSpaceOnUse">
        <circle class="pat-none" cx="2" cy="2" r=".6" fill="none" stroke-width="1" />
      </pattern>
    </defs>
  </svg>
);

/** Stretches of time in which each symbol quoted or did not, on the time axis of the plot above. */
export function Lanes({ symbols, from, to }: LanesProps) {
  const length = Math.max(1, to - from);
  const part = (time: number) => Math.min(100, Math.max(0, ((time - from) / length) * 100));
  return (
    <>
      <Patterns />
      <div class="lanehead">
        <h3>Orders resting</h3>
        <span class="legend">
          {LEGEND.map(([look, said]) => (
            <span key={look}>
              <svg class="i" aria-hidden="true">
                <rect class={`seg-${look}`} width="100%" height="100%" />
              </svg>
              {said}
            </span>
          ))}
        </span>
      </div>
      <div class="lanes">
        {symbols.flatMap(({ symbol, lanes }) => [
          <div key={`${symbol} name`} class="name" title={symbol}>
            {symbol}
          </div>,
          <div
            key={symbol}
            class="lane"
            role="img"
            aria-label={`${symbol}: ${lanes.map((lane) => `${clock(lane.from)} ${words(lane)}, ${seconds((lane.to ?? to) - lane.from)}`).join('; ') || 'not recorded'}`}
          >
            <svg>
              {lanes.map((lane) => (
                <rect
                  key={lane.from}
                  class={`seg-${laneLook(lane)}`}
                  x={`${part(lane.from)}%`}
                  width={`${Math.max(0.15, part(lane.to ?? to) - part(lane.from))}%`}
                  height="100%"
                >
                  <title>{`${clock(lane.from)} to ${lane.to === null ? 'now' : clock(lane.to)}: ${words(lane)}`}</title>
                </rect>
              ))}
            </svg>
          </div>,
        ])}
      </div>
    </>
  );
}
