import type { DeliveryView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change } from '../../api/client';
import { Action } from '../../components/action';
import { Dialog } from '../../components/dialog';
import { Empty, Panel } from '../../components/panel';
import { clockNear, seconds } from '../../format/time';
import { by } from '../../state/session';

type Silence = DeliveryView['silences'][number];

const matchersText = ({ matchers }: Silence) =>
  Array.isArray(matchers)
    ? matchers.join(' ')
    : Object.entries(matchers)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');

/** The silences in force. */
export function SilencesPanel({
  silences,
  total,
  now,
}: {
  readonly silences: readonly Silence[];
  readonly total: number;
  readonly now: number | null;
}) {
  const [ending, end] = useState<Silence | null>(null);
  return (
    <Panel title="Silences" count={total}>
      {silences.length === 0 ? <Empty>None is in force.</Empty> : null}
      {silences.map((silence) => (
        <div key={silence.silenceId} class="pad bordered">
          <p class="code">{matchersText(silence)}</p>
          <p class="small muted">
            by {silence.by} until {clockNear(silence.until, now ?? silence.until)}
            {now === null ? '' : `, ${seconds(silence.until - now)} left`}: {silence.reason}
          </p>
          <Action onClick={() => end(silence)}>End…</Action>
        </div>
      ))}
      {ending ? (
        <Dialog
          title="End the silence"
          does="End it"
          onDo={async () => {
            await change('DELETE', `silences/${encodeURIComponent(ending.silenceId)}`, undefined, {
              by: by.value,
            });
          }}
          onClose={() => end(null)}
        >
          <p class="note">
            Open alerts that <span class="code">{matchersText(ending)}</span> held are decided on again at
            once.
          </p>
        </Dialog>
      ) : null}
    </Panel>
  );
}
