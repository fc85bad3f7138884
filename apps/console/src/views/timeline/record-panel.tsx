import type { EventsPage } from '@opensqt/observability/console-api';
import { Failure } from '../../components/failure';
import { Panel } from '../../components/panel';
import { momentLink } from '../../state/navigation';
import { useRemote } from '../../state/remote';

/** A record as it is on the log. */
export function RecordPanel({ position }: { readonly position: number }) {
  const { value, error } = useRemote<EventsPage>('events', { after: position - 1, limit: 1 });
  const record = value?.records[0];
  return (
    <Panel
      title="Record"
      right={
        <a class="button" href={momentLink(position)}>
          Show that moment
        </a>
      }
    >
      <Failure words={error?.message} />
      <div class="pad">
        <pre class="md">{record?.position === position ? JSON.stringify(record, null, 2) : ''}</pre>
      </div>
    </Panel>
  );
}
