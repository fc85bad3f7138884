import type { AlertView, BreakerView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change } from '../api/client';
import { scopeWords, spaced } from '../format/words';
import { useRemote } from '../state/remote';
import { by } from '../state/session';
import { Dialog } from './dialog';
import { Failure } from './failure';
import { Choice, Field } from './field';

/** The scope of the breaker that an alert is about; null where it is about something else. */
export const breakerScopeOf = ({
  condition,
  labels,
  symbol,
}: Pick<AlertView, 'condition' | 'labels' | 'symbol'>): string | null =>
  condition === 'circuit_breaker_trip' ? (labels['scope'] ?? symbol ?? 'global') : null;

/** The value now against the limit, in words: `2,503.48 USDT (limit 2,500 USDT): would trip again`. */
function breakerNow({ now, wouldTripAgain }: BreakerView): string {
  const again = wouldTripAgain ? ': would trip again' : ': within the limit';
  return now.words === null ? 'its value now is not known' : now.words + again;
}

/** Asks once more before a breaker is reset, with what is true now. */
export function BreakerDialog({ scope, onClose }: { readonly scope: string; readonly onClose: () => void }) {
  const { value: breakers, error } = useRemote<readonly BreakerView[]>('breakers');
  const [chosen, choose] = useState(scope);
  const [reason, setReason] = useState('');
  const breaker = breakers?.find((one) => one.scope === chosen);
  return (
    <Dialog
      title={`Reset the breaker of ${scopeWords(chosen)}`}
      does={`Reset the breaker of ${scopeWords(chosen)}`}
      tone="danger"
      missing={
        breaker === undefined ? 'Needs an open breaker.' : reason.trim() === '' ? 'Needs a reason.' : null
      }
      onDo={async () => {
        await change('POST', `breakers/${encodeURIComponent(chosen)}/reset`, {
          by: by.value,
          reason: reason.trim(),
        });
      }}
      onClose={onClose}
    >
      <Failure words={error?.message} />
      {breakers && breakers.length > 1 ? (
        <Choice
          label="Breaker"
          value={chosen}
          options={breakers.map((one) => [one.scope, scopeWords(one.scope)])}
          onChange={choose}
        />
      ) : null}
      {breaker ? (
        <p class="note">
          Tripped on {breaker.reasons.map((one) => spaced(one.reason)).join(', ')}. Now {breakerNow(breaker)}.
          Orders are placed again at once; positions are kept.
        </p>
      ) : breakers ? (
        <p class="note">No breaker of {scopeWords(chosen)} is open.</p>
      ) : null}
      <Field
        label="Reason, required"
        value={reason}
        onInput={setReason}
        placeholder="for those who look next"
        isFocused
      />
    </Dialog>
  );
}
