import type { DeliveryView } from '@opensqt/observability/console-api';
import { Failure } from '../../components/failure';
import { live, newest } from '../../state/live';
import { useRemote } from '../../state/remote';
import { Channels } from './channels';
import { DeadLetters } from './dead-letters';
import { SilencesPanel } from './silences';
import { WaitingPanel } from './waiting';

/** Channels, their queues and pauses, and the messages that could not be delivered: those of now, whatever moment is shown elsewhere. */
export function DeliveryPage() {
  const { value, error } = useRemote<DeliveryView>('channels', {}, newest.value ?? 0);
  const time = live.value?.time ?? null;
  return (
    <main>
      <h1 class="hide">Delivery</h1>
      <Failure words={error?.message} />
      {value ? (
        <>
          <Channels channels={value.channels} />
          <div class="split wide-left">
            <DeadLetters letters={value.deadLetters} total={value.totals.deadLetters} />
            <div class="stack">
              <WaitingPanel messages={value.waiting} total={value.totals.waiting} />
              <SilencesPanel silences={value.silences} total={value.totals.silences} now={time} />
            </div>
          </div>
        </>
      ) : null}
    </main>
  );
}
