import type { Overview } from '@opensqt/observability/console-api';
import { Figure } from '../../components/figure';
import { count, exact, percentOf, rounded, roundedSigned } from '../../format/decimal';
import { clockNear, milliseconds } from '../../format/time';
import { limitNamed, plural } from '../../format/words';
import { shown, tense } from '../../state/shown';

interface Moment {
  readonly overview: Overview;
  readonly isPast: boolean;
}

const timeOf = ({ overview }: Moment) => overview.time ?? overview.wallTime;

function unrealizedNote(moment: Moment): string {
  const from = moment.overview.profit.unrealizedFrom;
  if (!moment.isPast) return 'at mark price';
  return from ? `at ${clockNear(from.at, timeOf(moment))}` : 'as last recorded';
}

function ProfitFigures(moment: Moment) {
  const { profit } = moment.overview;
  const unit = profit.quoteAsset ?? '';
  const absent = profit.fills === 0 ? 'no fill yet' : 'not known';
  const foreign = profit.fees.filter(({ asset }) => asset !== profit.quoteAsset);
  const own = profit.fees.find(({ asset }) => asset === profit.quoteAsset);
  const since = profit.since ? `since ${clockNear(profit.since.at, timeOf(moment))}` : '';
  const value = (amount: string | null, write: (text: string) => string): string | null =>
    amount === null ? null : write(amount);
  return (
    <>
      <Figure
        label="PnL after fees"
        value={value(profit.afterFees, roundedSigned)}
        unit={unit}
        note={foreign.length > 0 ? `fees in ${foreign.map(({ asset }) => asset).join(', ')}` : since}
        absent={foreign.length > 0 ? 'see fees' : absent}
      />
      <Figure
        label="Realized"
        value={value(profit.realized, roundedSigned)}
        unit={unit}
        note="before fees"
        absent={absent}
      />
      <Figure
        label="Unrealized"
        value={value(profit.unrealized, roundedSigned)}
        unit={unit}
        note={unrealizedNote(moment)}
        absent={moment.isPast && profit.fills > 0 ? 'not recorded' : absent}
      />
      <Figure
        label="Fees"
        value={own ? rounded(own.amount) : foreign[0] ? exact(foreign[0].amount) : null}
        unit={own ? unit : (foreign[0]?.asset ?? unit)}
        note={
          own && foreign.length > 0
            ? `and ${foreign.map(({ asset, amount }) => `${exact(amount)} ${asset}`).join(', ')}`
            : plural(profit.fills, 'fill')
        }
        absent="no fill yet"
      />
    </>
  );
}

function LimitFigure({
  moment,
  name,
  label,
}: {
  readonly moment: Moment;
  readonly name: string;
  readonly label: string;
}) {
  const limit = limitNamed(moment.overview.limits, name);
  const percent = percentOf(limit?.value ?? null, limit?.threshold ?? null);
  const unit = limit?.unit ?? moment.overview.profit.quoteAsset ?? '';
  const threshold = limit?.threshold == null ? '' : exact(limit.threshold);
  const of = limit && limit.scope !== 'global' ? `${limit.scope}: ` : '';
  const stood = moment.isPast && limit?.from ? ` at ${clockNear(limit.from.at, timeOf(moment))}` : '';
  return (
    <Figure
      label={label}
      value={
        limit?.value == null ? null : unit === 'ms' ? milliseconds(Number(limit.value)) : rounded(limit.value)
      }
      unit={unit}
      percent={percent}
      note={`${of}${percent === null ? (threshold === '' ? 'no limit' : `limit ${threshold}`) : `${Math.round(percent)} % of limit ${threshold}`}${stood}`}
      absent={moment.isPast ? 'not recorded' : 'not measured yet'}
    />
  );
}

function LatencyFigures({ overview, isPast }: Moment) {
  const { tickToOrder, exchangeCall } = overview.latency;
  const limit = limitNamed(overview.limits, 'max_exchange_latency_ms');
  const threshold = limit?.threshold ?? null;
  const part = exchangeCall?.p99 == null ? null : percentOf(String(exchangeCall.p99), threshold);
  const percent = part !== null && part > 100 ? null : part; // an upper bound beyond the limit says nothing about it
  return (
    <>
      <Figure
        label="Tick to order p50"
        value={tickToOrder ? milliseconds(tickToOrder.p50) : null}
        unit="ms"
        note={tickToOrder ? `p99 ${milliseconds(tickToOrder.p99)} ms` : ''}
        absent={isPast ? 'not recorded' : 'no order yet'}
      />
      <Figure
        label="Exchange call p99"
        value={exchangeCall?.p99 == null ? null : `≤ ${milliseconds(exchangeCall.p99)}`}
        unit="ms"
        percent={percent}
        note={
          threshold === null || part === null
            ? ''
            : `${percent === null ? '' : `${Math.round(percent)} % of `}limit ${exact(threshold)} ms`
        }
        absent={isPast ? 'not recorded' : 'no call yet'}
      />
    </>
  );
}

/** Money, limits and speed in numbers. */
export function Figures() {
  const overview = shown.value;
  if (!overview) return <dl class="panel figures empty-figures" aria-label="Figures" />;
  const moment: Moment = { overview, isPast: tense.value === 'past' };
  const { log, position } = overview;
  return (
    <dl class="panel figures" aria-label="Figures">
      <ProfitFigures {...moment} />
      <LimitFigure moment={moment} name="max_drawdown" label="Drawdown" />
      <LimitFigure moment={moment} name="max_exposure" label="Exposure" />
      <LatencyFigures {...moment} />
      {log.rate === null ? (
        <Figure label="Log" value={count(position)} unit="" note="position" absent="" />
      ) : (
        <Figure label="Log" value={log.rate.toFixed(1)} unit="/s" note="records, 1 min" absent="" />
      )}
    </dl>
  );
}
