import { acknowledgementAt, episodes, flappings, levelOf } from './reference-episodes';
import { type Alert, type Happened, History, rank } from './reference-history';
import { nextMoment } from './reference-moments';
import { decide, heldAt } from './reference-sender';
import type { Runner, Scenario, Step } from './scenario';

/** Everything that one step says of a bot, except the passing of time. */
function record(
  history: History,
  step: Exclude<Step, { step: 'wait' | 'restart' | 'clock' }>,
  now: number,
): void {
  const happened = history.happened(now);
  if (step.step === 'silence') {
    const startsAt = now + step.startsIn;
    history.silences.push({ matchers: step.matchers, startsAt, endsAt: startsAt + step.lasts });
  } else if (step.step === 'end_silence') {
    const silence = history.silences[step.index];
    if (silence && silence.endsAt > now) silence.endsAt = now;
  } else if (step.step === 'raise') {
    raise(history, step, happened);
  } else {
    const open = history.openAlert(step.subject);
    if (!open) return;
    if (step.step === 'resolve') open.resolved = happened;
    else acknowledge(history, open, step.by, happened);
  }
}

function raise(history: History, step: Extract<Step, { step: 'raise' }>, raised: Happened): void {
  const open = history.openAlert(step.subject);
  const stated = { ...raised, level: step.level };
  if (open && !step.oneOff) {
    if (rank(step.level) > rank(levelOf(history, open, raised.at))) open.levels.push(stated);
    return;
  }
  const id = history.alerts.length;
  const last = history
    .about(step.subject)
    .filter(({ oneOff }) => !oneOff)
    .at(-1);
  const flaps = raised.at < (flappings(history, step.subject).at(-1)?.end ?? 0);
  const flapped = flaps && !step.oneOff ? last : undefined;
  const before =
    step.causedBy &&
    history
      .about(step.causedBy)
      .filter(({ oneOff }) => !oneOff)
      .at(-1);
  const cause = before && isRecent(history, before, raised.at) ? before : undefined;
  history.alerts.push({
    id,
    subject: step.subject,
    raised,
    oneOff: step.oneOff ?? false,
    escalatesAfter: step.escalatesAfter,
    incident: flapped?.incident ?? cause?.incident ?? id,
    levels: [stated],
    acknowledgements: [],
  });
}

/** An incident goes on for a quarter of an hour after the last of its alerts ended. */
function isRecent(history: History, { incident }: Alert, at: number): boolean {
  const ends = history.alerts
    .filter((alert) => alert.incident === incident)
    .map(({ oneOff, raised, resolved }) => (oneOff ? raised.at : (resolved?.at ?? Infinity)));
  return at - Math.max(...ends) <= 15 * 60_000;
}

function acknowledge(history: History, open: Alert, by: string, happened: Happened): void {
  const episode = episodes(history).find(({ current }) => current === open);
  if (!episode || acknowledgementAt(history, episode, happened.at)?.by === by) return;
  open.acknowledgements.push({ ...happened, by, level: levelOf(history, open, happened.at) });
}

/** Goes from moment to moment until `target`, deciding at each. */
function wait(history: History, now: number, target: number): void {
  let moment = nextMoment(history, now, target);
  while (moment !== undefined) {
    decide(history, moment);
    moment = nextMoment(history, moment, target);
  }
}

function runBot(bot: string, { startAt, settings, channels, steps }: Scenario) {
  const history = new History(bot, settings, channels);
  let now = startAt;
  for (const step of steps) {
    const from = now;
    if (step.step === 'wait') {
      now += step.ms;
      wait(history, from, now);
    } else if (step.step === 'clock') {
      now += step.ms;
      decide(history, now);
    } else if (step.step === 'restart') {
      now += step.downFor;
      if (step.bot === bot) decide(history, now);
      else wait(history, from, now);
    } else if (step.bot === bot) {
      record(history, step, now);
      history.changed();
      decide(history, now);
    }
  }
  return { sent: history.messages.map(({ sent }) => sent), held: heldAt(history, now) };
}

/**
 * Computes, slowly and from plain histories, which messages every channel should have been sent: `alert-delivery.md`, section "One decision", with
 * these rules where it leaves a choice. Nothing is carried from moment to moment but the histories.
 *
 * Time
 *  1. Moments: what falls due at a moment is decided before a step at the same moment. Silences and quiet hours hold from their first millisecond up to,
 *     and without, their last; a duration is over once it has passed exactly.
 *  2. Order at one moment: what is over, as it ended; then what is open, the worst first, of equal ones the one raised first. A digest whose window is
 *     over goes before them, a digest of what came and went after them. Each message is decided on with those before it in mind.
 *  3. A restart: `downFor` passes for all bots, the bot itself decides nothing meanwhile and everything, as it is then, at the end. Levels
 *     rise, flapping ends and silences pass at their own times all the same.
 *     A clock that is set forward is the same for all of them.
 *  4. Bots: each has its own alerts, silences and throttles; nothing of one bot concerns another.
 *
 * Alerts
 *  5. A raise of what is open only counts if its level is higher, and then raises the level; the raise that opened it decides on `escalatesAfter` and
 *     `causedBy`. A level never falls. Acknowledging what is not open or is acknowledged, and resolving what is not open, is nothing.
 *  6. A one-off is an alert of its own, owed only at its raise, over at once. It is never resolved, repeated, acknowledged, and never flaps.
 *  7. Escalation: to ERROR, `escalatesAfter` after the raise, if it is still open then and was lower.
 *  8. Flapping: it begins with the raise or resolve that is at least the `changes`-th within (t - `window`, t], and ends `stableFor` after the last
 *     change, open or not. Changes of level don't count; changes from before an earlier flapping's end do.
 *  9. An episode is an alert, or all alerts of a condition that touch one flapping, from its first counted change to its end. It is notified as one: its
 *     level is that of its latest alert, its age that of its first, and it is over when it no longer flaps and is not open.
 * 10. Time down: while a condition flaps, the time that it was open since the first counted change adds up; once it is open and that reaches
 *     `escalatesAfter`, it is an ERROR, and so is each later alert of that flapping, from its raise.
 * 11. Incident: an alert joins the incident of the latest alert of the subject that caused it, unless all of that was over for a quarter of an hour; without
 *     one it begins its own.
 *
 * Messages owed to a channel
 * 12. The first message of an open episode is `raised`, at whatever level it has by then; a level above the highest one notified since is `escalated`;
 *     the end of what the channel knows as open is `resolved`. Two alerts that are not one episode are notified apart, even if the first one's resolve waits.
 * 13. `flapping`, once for each time that a condition flaps, in place of `raised`, `escalated` and `resolved`. Later on only a higher level
 *     (`escalated`), a new CRITICAL alert (`raised`) and an acknowledgement leave, no `repeated`; one `resolved` when the episode is over. If it is open when the
 *     flapping ends, it goes on as any open alert.
 * 14. `acknowledged`, to channels with `acknowledgements`, if the channel was sent something of the episode before and nothing since, the episode is
 *     still open and the acknowledgement in force. It may wait, and is gone once any of that has changed.
 * 15. `repeated`, `repeatInterval` after the last message of any kind about the episode, digests included.
 * 16. A digest is a message about each of its episodes, those that it only counts included: they are repeated, escalated and resolved from then on.
 *
 * Stages
 * 17. log: raised, escalated, acknowledged, resolved for each single alert as they happen, and repeated, also while silenced or acknowledged. No `flapping`,
 *     no digest. It takes no part in any other stage.
 * 18. silence, match and min_level hold everything but `resolved`. All matchers of a silence must match; labels are bot, symbol, condition.
 * 19. acknowledged: in force until the level exceeds that at which it was given. It holds `repeated`, and everything but resolves and acknowledgements from
 *     channels with `unacknowledgedAfter`; what other channels don't know yet leaves. An acknowledgement of a flapping episode concerns all of it.
 *     `unacknowledgedAfter` counts from when the alert became CRITICAL, and is for CRITICAL alerts alone; never for one-offs.
 * 20. quiet hours hold all but what is about an episode whose level is CRITICAL. They last from the first time that the wall clock reads `from` until it first
 *     reads `to`; a time that is left out is taken as much later as the clock was put forward.
 * 21. Came and went: an episode of which the channel knows nothing open, that ended while its last hold was quiet hours or throttle, is a line of a
 *     digest as soon as neither holds it; never if it is silenced just then, or was part of an incident that held it at its end. So is what had come and gone
 *     before it flapped.
 * 22. incident: holds the first message of an episode, unless CRITICAL, while another one of the same incident and of the same or a higher level has been
 *     notified to that channel and is not over, and `incidentGrace` after the last of these ends.
 * 23. throttle: the end of what had a message of its own, not in a digest, always leaves. Another message that is not about a CRITICAL alert leaves if fewer than `burst` messages went to the channel within (t - `groupWindow`, t],
 *     whatever their kind and level, digests included, and nothing waits for a digest. Otherwise it waits, as all others do from then on,
 *     until `groupWindow` after the first that waits: then one digest (of one, too) states all that is still owed and that no earlier stage holds,
 *     at its level at that moment, and what came and went meanwhile; none if nothing is left. What is silenced or acknowledged meanwhile waits no more.
 * 24. A digest's level is the worst of its episodes. It names ten subjects, each once, the worst first, then the oldest, and counts the other subjects.
 * 25. Held at the end: what a channel does not know yet, with the first stage that holds it; `repeated` is nothing new.
 */
export const referenceModel: Runner = (scenario) => {
  const bots = [...new Set(scenario.steps.flatMap((step) => ('bot' in step ? step.bot : [])))].sort();
  const runs = bots.map((bot) => runBot(bot, scenario));
  return {
    sent: runs.flatMap(({ sent }) => sent).sort((a, b) => a.at - b.at),
    held: runs.flatMap(({ held }) => held),
  };
};
