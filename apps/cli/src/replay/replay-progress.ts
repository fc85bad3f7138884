import { Progress } from '@opensqt/configuration/command-line';
import type { RebuildProgress } from '@opensqt/observability/replay';

/** A progress bar for a rebuild of so many events. */
export function replayProgress(events: number): RebuildProgress {
  return new Progress('events replayed', events);
}
