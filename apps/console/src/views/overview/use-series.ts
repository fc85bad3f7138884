import type { Series } from '@opensqt/observability/console-api';
import { newestEach } from '../../state/live';
import { route } from '../../state/navigation';
import { useRemote } from '../../state/remote';

const newest = newestEach(5_000);

/** Lines of the moment that is shown; of the live one they are read again each five seconds in which the log grew. */
export function useSeries(): Series | null {
  const { at } = route.value;
  const position = at ?? newest.value;
  const { value } = useRemote<Series>(
    position === null ? null : 'series',
    { points: 600, at },
    position ?? '',
    at === null ? 'live' : 'past',
  );
  return value;
}
