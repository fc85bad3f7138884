import { formatDuration } from '@opensqt/trading-events';
import { formatMoney, formatNumber } from '../../format/number';
import { oneLine } from '../../format/plain-text';
import { formatDateTime, formatTime } from '../../format/time';
import type { IncidentView } from '../api/missed';
import type { Incident } from './incidents';

const ZONE = 'UTC';

/** As in `incident-2026-01-01-0320.md`. */
export function fileName({ from }: Incident): string {
  const [day = '', time = ''] = new Date(from.at).toISOString().split('T');
  return `incident-${day}-${time.slice(0, 5).replace(':', '')}.md`;
}

/** An incident as people file it, in Markdown: when, what it cost, what happened, who was notified. */
export function postMortem(bot: string, incident: Incident, planned: IncidentView['planned']): string {
  const { from, to, notTrading, steps, more, isOlder } = incident;
  const [day = ''] = formatDateTime(from.at, ZONE).split(' ');
  const end =
    to === undefined ? 'it goes on' : `to ${formatTime(to.at, ZONE)} (position ${formatNumber(to.position)})`;
  const lasted = to === undefined ? '' : `, ${formatDuration(to.at - from.at)}`;
  return [
    `## Incident of ${day} ${formatTime(from.at, ZONE).slice(0, 5)} ${ZONE} (${inert(bot)})`,
    '',
    `From ${formatTime(from.at, ZONE)} (position ${formatNumber(from.position)}${isOlder ? '; it had begun before' : ''}), ${end}${lasted}.`,
    ...(planned === null ? [] : [`Planned, says ${inert(planned.by)}: ${inert(planned.reason)}`]),
    `${notTrading > 0 ? `Not trading for ${formatDuration(notTrading)}` : 'It traded all the time'}${since(incident)}.`,
    '',
    ...figures(incident),
    ...steps.map(
      ({ at, level, isOver, words }) =>
        `- ${formatTime(at, ZONE)} ${isOver ? 'over: ' : level === null ? '' : `${level} `}${inert(words)}`,
    ),
    ...(more > 0 ? [`- and ${formatNumber(more)} more`] : []),
    '',
    ...notifications(incident),
    '',
  ].join('\n');
}

/** The limit of what is known of an incident that had begun before. */
function since({ isOlder, from }: Incident): string {
  return isOlder ? ` since position ${formatNumber(from.position)}` : '';
}

function figures({ before, after, from, isOlder }: Incident): readonly string[] {
  const rows = (['realized', 'unrealized', 'afterFees'] as const).flatMap((field) => {
    const [then, now] = [before[field], after?.[field]];
    return now === null || now === undefined
      ? []
      : [[NAMES[field], then === null ? 'none' : formatMoney(then), formatMoney(now)]];
  });
  if (rows.length === 0) return [];
  const beginning = isOlder ? `at position ${formatNumber(from.position)}` : 'at its beginning';
  const heading = [`PnL, ${inert(after?.quoteAsset ?? 'quote currency')}`, beginning, 'at its end'];
  return [...[heading, ['---', '---:', '---:'], ...rows].map((cells) => `| ${cells.join(' | ')} |`), ''];
}

const NAMES = { realized: 'Realized', unrealized: 'Unrealized', afterFees: 'After fees' } as const;

function notifications(incident: Incident): readonly string[] {
  const { notified, undelivered, acknowledgedBy } = incident;
  const channels = [...notified].map(([channel, ms]) => `${inert(channel)} after ${formatDuration(ms)}`);
  return [
    channels.length === 0 ? `Nobody was notified${since(incident)}.` : `Notified: ${channels.join(', ')}.`,
    ...[...undelivered].map(([channel, why]) => `Not delivered to ${inert(channel)}: ${inert(why)}.`),
    acknowledgedBy.size === 0
      ? `Nobody acknowledged${since(incident)}.`
      : `Acknowledged by ${[...acknowledgedBy].map(inert).join(', ')}.`,
  ];
}

/** A text of the log, of which Markdown makes nothing: neither markup nor an entity, nor a link of what looks like one. */
function inert(text: string): string {
  return oneLine(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_~$&<>[\]|]|:(?=\/\/)|(?<=www)\.|@(?=\w)/gi, String.raw`\$&`);
}
