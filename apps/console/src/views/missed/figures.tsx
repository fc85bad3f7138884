import type { MissedView } from '@opensqt/observability/console-api';
import { Figure } from '../../components/figure';
import { count, exact, rounded, roundedSigned } from '../../format/decimal';
import { seconds } from '../../format/time';
import { plural } from '../../format/words';

const fees = ({ profit }: MissedView) => profit.fees.map(({ asset, amount }) => `${exact(amount)} ${asset}`);

/** The sums of the time that was missed. */
export function MissedFigures({ missed }: { readonly missed: MissedView }) {
  const { profit, alerts, from, to } = missed;
  const unit = profit.quoteAsset ?? '';
  const [fee] = profit.fees;
  const amount = (value: string | null) => (value === null ? null : roundedSigned(value));
  const whole = from.at === null || to.at === null ? '' : `of ${seconds(to.at - from.at)}`;
  const counts = [
    [
      'Incidents',
      missed.incidents.length + missed.older,
      `${missed.incidents.filter(({ to: end }) => end === null).length} going on`,
    ],
    ['Alerts raised', alerts.raised, `${count(alerts.critical)} CRITICAL`],
    ['Dead letters', missed.deadLetters, 'see Delivery'],
    ['Silences', missed.silences, 'made by operators'],
    ['Records', to.position - from.position, `${count(from.position + 1)} to ${count(to.position)}`],
  ] as const;
  return (
    <dl class="panel figures">
      <Figure
        label="PnL after fees"
        value={amount(profit.afterFees)}
        unit={unit}
        note="over this time"
        absent="not known"
      />
      <Figure
        label="Realized"
        value={amount(profit.realized)}
        unit={unit}
        note="before fees"
        absent="not known"
      />
      <Figure
        label="Fees"
        value={fee ? rounded(fee.amount) : null}
        unit={fee?.asset ?? ''}
        note={profit.fees.length > 1 ? fees(missed).join(', ') : plural(profit.fills, 'fill')}
        absent="no fill"
      />
      <Figure label="Not trading" value={seconds(missed.notTrading)} unit="" note={whole} absent="" />
      {counts.map(([label, value, note]) => (
        <Figure key={label} label={label} value={count(value)} unit="" note={note} absent="" />
      ))}
    </dl>
  );
}
