import { setImmediate } from 'node:timers/promises';
import type { EventLog } from '@opensqt/event-log';
import type { EpochMs, IncidentPlanned } from '@opensqt/trading-events';
import type { Verdict } from '../../health/verdict';
import { latestTime, positionAt } from '../../replay/log-reading';
import { ownRecords } from '../../replay/own-records';
import type { IncidentView, MissedView } from '../api/missed';
import type { Overview } from '../api/overview';
import type { PastFold } from '../past/past-fold';
import { difference } from '../view/amounts';
import { type Beginning, type Incident, Incidents } from './incidents';
import { fileName, postMortem } from './post-mortem';

/** Records that are looked at, the newest of those asked for. */
const MAX_RECORDS = 500_000;
const MAX_INCIDENTS = 50;
const MAX_OTHERS = 100;
/** Records between two turns of others. */
const TURN = 200;
/** Types of records that can change whether it trades; samples don't. */
const TURNING = /^(circuit_breaker|exchange|quoting|risk|strategy|symbol)\.(?!sampled$)/;

/** The begin: a position that was seen, or a time. */
export interface MissedQuery {
  readonly after?: number | undefined;
  readonly from?: EpochMs | undefined;
}

/** Everything that happened to the log's bot since a position, or a time. */
export async function missedSince(
  log: EventLog,
  fold: PastFold,
  { after = 0, from }: MissedQuery,
  { end, symbols }: { readonly end: number; readonly symbols: readonly string[] | undefined },
): Promise<MissedView> {
  const asked = Math.min(from === undefined ? after : (await positionAt(log, from, end)) - 1, end);
  const start = Math.max(asked, end - MAX_RECORDS, await fold.earliest(end));
  const first = await fold.overviewAt(start, end, symbols);
  const begun = await fold.alertsAt(start, end);
  let time = first.time;
  const profit = () => fold.overview(end, time ?? undefined, symbols).profit;
  const incidents = new Incidents(
    profit,
    time === null
      ? undefined
      : {
          ...{ at: time, position: start, verdict: standing(first.verdict) },
          ...{ open: begun.open.values(), trading: fold.trading },
        },
  );
  let seen = 0;
  for await (const record of fold.walk(end)) {
    if (++seen % TURN === 0) await setImmediate(); // a log in memory is read by the process that trades
    if (record.bot !== log.bot) continue;
    time = Math.max(time ?? 0, record.event.occurredAt);
    const isTurn = TURNING.test(record.event.type);
    incidents.add(record, isTurn ? standing(fold.verdict(symbols)) : undefined);
  }
  incidents.finish(time ?? 0);
  const last = profit();
  const marks = await plansIn(log, end);
  const { raised, critical, deadLetters, silences } = incidents.counts;
  return {
    from: { at: first.time, position: start },
    to: { at: (await latestTime(log, end)) ?? null, position: end },
    isCut: start > asked,
    profit: profitOver(first.profit, last),
    notTrading: incidents.notTrading,
    alerts: { raised, critical, open: (await fold.alertsAt(end, end)).open.size },
    ...{ deadLetters, silences },
    incidents: incidents.all
      .slice(-MAX_INCIDENTS)
      .reverse()
      .map((one) => incidentView(log.bot, one, marks)),
    older: Math.max(0, incidents.all.length - MAX_INCIDENTS),
    others: incidents.others.slice(-MAX_OTHERS).reverse(),
  };
}

function standing({ verdict, title }: Pick<Verdict, 'verdict' | 'title'>): Beginning['verdict'] {
  return { isTrading: verdict !== 'not_trading', title };
}

interface Mark extends IncidentPlanned {
  readonly position: number;
}

async function plansIn(log: EventLog, end: number): Promise<readonly Mark[]> {
  const marks: Mark[] = [];
  for await (const records of ownRecords(log, { to: end, types: ['incident.planned'] }))
    for (const { event, position } of records)
      if (event.type === 'incident.planned') marks.push({ ...event.data, position });
  return marks;
}

function incidentView(bot: string, incident: Incident, marks: readonly Mark[]): IncidentView {
  const { from, to, level, notTrading, steps, more } = incident;
  const mark = marks.findLast((one) => one.from <= (to?.at ?? Infinity) && one.to >= from.at);
  const planned = mark === undefined ? null : { by: mark.by, reason: mark.reason, position: mark.position };
  return {
    from,
    to: to ?? null,
    level: level ?? null,
    ...{ notTrading, steps, more, planned },
    markdown: postMortem(bot, incident, planned),
    file: fileName(incident),
  };
}

/** The change of the figures; null where they are not known, or not of one currency. */
function profitOver(before: Overview['profit'], after: Overview['profit']): MissedView['profit'] {
  const change = (field: 'realized' | 'afterFees') =>
    after[field] === null || (before[field] === null && before.fills > 0)
      ? null
      : difference(after[field], before[field] ?? '0');
  const feeBefore = new Map(before.fees.map(({ asset, amount }) => [asset, amount]));
  return {
    quoteAsset: after.quoteAsset,
    realized: change('realized'),
    fees: after.fees.map(({ asset, amount }) => ({
      asset,
      amount: difference(amount, feeBefore.get(asset) ?? '0'),
    })),
    afterFees: change('afterFees'),
    fills: after.fills - before.fills,
  };
}
