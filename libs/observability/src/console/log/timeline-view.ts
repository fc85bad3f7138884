import type { EventLog } from '@opensqt/event-log';
import { louder } from '../../alerts/model/levels';
import type { Timeline } from '../api/timeline';
import { positionAt, recordAt } from '../../replay/log-reading';

/** Alerts that can be jumped to, the newest. */
const MAX_ALERTS = 2_000;

/** The whole log in parts of the same market time, for the slider. */
export async function timelineOf(log: EventLog, buckets: number, end: number): Promise<Timeline> {
  const last = await recordAt(log, end);
  const { first: begin } = log.status();
  const first = await recordAt(log, begin);
  if (first === undefined || last === undefined) return { head: end, first: begin, buckets: [], alerts: [] };
  const start = first.event.occurredAt;
  const span = Math.max(1, last.event.occurredAt - start);
  const edges: number[] = [begin];
  for (let part = 1; part < buckets; part++) {
    const edge = await positionAt(log, start + (span * part) / buckets, end);
    if (edge > (edges.at(-1) ?? 0) && edge <= end) edges.push(edge);
  }
  const parts: Timeline['buckets'] = [];
  for (const [index, from] of edges.entries()) {
    const to = (edges[index + 1] ?? end + 1) - 1;
    const at = (await recordAt(log, from))?.event.occurredAt ?? start;
    parts.push({ from, to, at, records: to - from + 1, alerts: 0, worst: null });
  }
  const alerts: number[] = [];
  let index = 0;
  for await (const records of log.read({ to: end, types: ['alert.raised'] })) {
    for (const { position, event } of records) {
      if (event.type !== 'alert.raised') continue;
      while (position > (parts[index]?.to ?? Infinity)) index += 1;
      const part = parts[index];
      const { level } = event.data.notice;
      if (part !== undefined) {
        part.alerts += 1;
        part.worst = part.worst === null ? level : louder(part.worst, level);
      }
      alerts.push(position);
    }
  }
  return { head: end, first: begin, buckets: parts, alerts: alerts.slice(-MAX_ALERTS) };
}
