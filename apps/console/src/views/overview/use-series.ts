import type { Series } from '@opensqt/observability/console-api';
import { useComputed } from '@preact/signals';
import { live, now } from '../../state/live';
import { route } from '../../state/navigation';
import { useRemote } from '../../state/remote';

const EVERY = 5_000;

/** Lines of the moment that is shown; of the live one they are read again each five seconds in which the log grew. */
export function useSeries(): Series | null {
  const { at } = route.value;
  const turn = useComputed(() => (live.value === null ? null : Math.floor(now.value / EVERY)));
  const newest = useComputed(() => (turn.value === null ? null : (live.peek()?.position ?? null)));
  const position = at ?? newest.value;
  const { value } = useRemote<Series>(
    position === null ? null : 'series',
    { points: 600, at },
    position ?? '',
    at === null ? 'live' : 'past',
  );
  return value;
}
