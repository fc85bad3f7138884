import type { Overview } from '@opensqt/observability/console-api';
import { computed, effect, signal } from '@preact/signals';
import { type ApiError, read } from '../api/client';
import type { Tense } from '../format/words';
import { connection, live } from './live';
import { route } from './navigation';

/** A state of the past as it is fetched. */
interface Past {
  readonly at: number;
  readonly overview: Overview | null;
  readonly error: ApiError | null;
}

const RESTS_FOR = 150;
const past = signal<Past | null>(null);

effect(() => {
  const { at } = route.value;
  if (at === null) {
    past.value = null;
    return undefined;
  }
  const controller = new AbortController();
  const isFirst = past.peek() === null;
  const timer = setTimeout(
    () => {
      read<Overview>('overview', { at }, controller.signal).then(
        (overview) => {
          if (!controller.signal.aborted) past.value = { at, overview, error: null };
        },
        (error: ApiError) => {
          if (!controller.signal.aborted) past.value = { at, overview: past.peek()?.overview ?? null, error };
        },
      );
    },
    isFirst ? 0 : RESTS_FOR,
  );
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
});

/** The state that is shown, live or past; null before there is one. */
export const shown = computed<Overview | null>(() =>
  route.value.at === null ? live.value : (past.value?.overview ?? null),
);

/** The reason that the past state that was asked for isn't shown. */
export const pastError = computed<ApiError | null>(() =>
  route.value.at === null ? null : (past.value?.error ?? null),
);

/** True while the position asked for is on its way. */
export const isFetching = computed(() => route.value.at !== null && past.value?.at !== route.value.at);

/** The tense in which the page speaks. */
export const tense = computed<Tense>(() =>
  route.value.at !== null ? 'past' : connection.value.is === 'lost' ? 'stale' : 'now',
);
