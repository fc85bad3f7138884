import type { Timeline } from '@opensqt/observability/console-api';
import { effect, signal } from '@preact/signals';
import { read } from '../api/client';
import { live } from './live';
import { go, route } from './navigation';
import { isFetching } from './shown';
import { alertBeside, nextPlayed } from './timeline';

/** The whole log for the slider; null until it was read. */
export const timeline = signal<Timeline | null>(null);
export const isPlaying = signal(false);
/** Market time that passes per second of playing. */
export const speed = signal(60);

const STEP = 250;

/** Reads the slider's buckets. */
export async function loadTimeline(): Promise<void> {
  timeline.value = await read<Timeline>('timeline', { buckets: 100 }).catch(() => timeline.value);
}

/** The last position of the log. */
export const head = (): number => Math.max(live.value?.head ?? 0, timeline.value?.head ?? 0);

/** Shows a position, within the log. */
export function show(at: number): void {
  const first = timeline.value?.first ?? 1;
  go({ at: Math.min(head(), Math.max(first, at)) }, route.value.at !== null);
}

/** So many records on or back. */
export const step = (records: number): void => show((route.value.at ?? head()) + records);

/** To the next alert, or the last one before. */
export function jump(direction: 1 | -1): void {
  const to = alertBeside(timeline.value, route.value.at ?? head(), direction);
  if (to !== null) show(to);
}

/** Plays or pauses; from the live end it begins at the first record. */
export function togglePlay(): void {
  if (!isPlaying.value && (route.value.at ?? head()) >= head()) show(timeline.value?.first ?? 1);
  isPlaying.value = !isPlaying.value;
}

effect(() => {
  if (!isPlaying.value) return undefined;
  const timer = setInterval(() => {
    const { at } = route.peek();
    if (at === null || !timeline.value || at >= head()) isPlaying.value = false;
    else if (!isFetching.peek()) show(nextPlayed(timeline.value, at, speed.peek() * STEP));
  }, STEP);
  return () => clearInterval(timer);
});
