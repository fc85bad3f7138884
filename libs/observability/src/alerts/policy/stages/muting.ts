import { AlertLevel, type EpochMs, type SilenceCreated } from '@opensqt/trading-events';
import { type AlertsState, type Silence, notifiedOf } from '../../model/alerts.state';
import { compareLevels } from '../../model/levels';
import { CompiledMatchers, type MatchSubject } from './matchers';
import { quietUntil } from './quiet-hours';
import { type Look, type Stage, type StageAnswer, endOf, hold } from './stage';

const silenceMatchers = new CompiledMatchers();

/** Holds what a silence matches, except the end of what the channel knows. */
export const silence: Stage = {
  name: 'silence',
  judge({ state, alert, kind, now }) {
    if (kind === 'resolved') return 'pass';
    const until = silencedUntil(state, alert, now);
    return until === undefined ? 'pass' : hold('silenced', until);
  },
};

/** Holds everything that is not about a CRITICAL alert while the channel is not to be disturbed. */
export const quietHours: Stage = {
  name: 'quiet_hours',
  judge({ alert, channel, now }) {
    if (alert.level === AlertLevel.Critical || channel.quietHours === undefined) return 'pass';
    const until = quietUntil(channel.quietHours, now);
    return until === undefined ? 'pass' : hold('quiet_hours', until);
  },
};

/** Holds what is part of a story that the channel knows, and for a grace period what remains of it. */
export const incident: Stage = {
  name: 'incident',
  judge(look) {
    const { state, alert, kind, notified } = look;
    const isKnown = notified !== undefined || kind === 'resolved';
    if (isKnown || alert.level === AlertLevel.Critical) return 'pass';
    return partOfStory(state.incidents.get(alert.incidentId ?? alert.id), look);
  },
};

/** The silences that are about the subject and hold at that time. */
export function silencesOf(
  { silences }: Readonly<Pick<AlertsState, 'silences'>>,
  subject: MatchSubject,
  now: EpochMs,
): readonly SilenceCreated[] {
  const found: SilenceCreated[] = [];
  for (const one of silences.values())
    if (startOf(one) <= now && now < one.until && isSilencedBy(one, subject)) found.push(one);
  return found;
}

/** The time from which a silence holds; -Infinity where it does since it was made, whatever the clock has shown since. */
export function startOf({ startsAt = -Infinity, atOnce }: Silence): EpochMs {
  return atOnce === true ? -Infinity : startsAt;
}

/** True when the silence is about the subject, over or not. */
export function isSilencedBy({ matchers }: SilenceCreated, subject: MatchSubject): boolean {
  return silenceMatchers.matches(matchers, subject);
}

/**
 * The next time at which a silence begins or ends. One that began at a time which the clock does not show any more, since it was set back, ends
 * when it has lasted for as long as it was meant to, from now.
 */
export function turnOf({ startsAt = -Infinity, until, atOnce }: Silence, now: EpochMs): EpochMs {
  if (startsAt <= now) return until;
  return atOnce === true ? now + until - startsAt : startsAt;
}

function silencedUntil(
  state: Readonly<AlertsState>,
  subject: MatchSubject,
  now: EpochMs,
): EpochMs | undefined {
  const all = silencesOf(state, subject, now);
  return all.length === 0 ? undefined : Math.max(...all.map(({ until }) => until));
}

function partOfStory(
  story: ReturnType<AlertsState['incidents']['get']>,
  { state, alert, channel, now, settings }: Look,
): StageAnswer {
  if (story === undefined) return 'pass';
  for (const [id, fingerprint] of story.open) {
    const other = state.open.get(fingerprint);
    const covers =
      id !== alert.id &&
      other?.id === id &&
      compareLevels(other.level, alert.level) >= 0 &&
      notifiedOf(state, id, channel.name) !== undefined;
    if (covers) return hold('part_of_incident');
  }
  const ends = story.ends
    .filter(({ knownBy, fingerprint }) => knownBy.includes(channel.name) && fingerprint !== alert.fingerprint)
    .filter(({ level }) => compareLevels(level, alert.level) >= 0)
    .map(({ at }) => at);
  const until = Math.max(-Infinity, ...ends.map((at) => endOf(at, settings.incidentGrace, now)));
  return now < until ? hold('part_of_incident', until) : 'pass';
}
