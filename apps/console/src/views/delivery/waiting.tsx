import type { DeliveryView } from '@opensqt/observability/console-api';
import { Empty, Panel } from '../../components/panel';
import { clock } from '../../format/time';

/** Messages that wait for their next attempt. */
export function WaitingPanel({
  messages,
  total,
}: {
  readonly messages: DeliveryView['waiting'];
  readonly total: number;
}) {
  return (
    <Panel title="Waiting" count={total}>
      {messages.length === 0 ? (
        <Empty>Nothing waits.</Empty>
      ) : (
        <ul class="pad stack small">
          {messages.map((message) => (
            <li key={message.deliveryId}>
              <b>{message.channel}</b> {message.title}{' '}
              <span class="muted">
                {message.inFlight
                  ? `attempt ${message.attempt} under way`
                  : `attempt ${message.attempt} at ${clock(message.nextAttemptWall)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
