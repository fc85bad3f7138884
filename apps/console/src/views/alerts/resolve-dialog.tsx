import type { AlertView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change } from '../../api/client';
import { Dialog } from '../../components/dialog';
import { Field } from '../../components/field';
import { by } from '../../state/session';

/** Asks before an alert is resolved by hand. */
export function ResolveDialog({
  alert,
  onClose,
}: {
  readonly alert: AlertView;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title={`Resolve: ${alert.title}`}
      does="Resolve"
      onDo={async () => {
        await change('POST', `alerts/${encodeURIComponent(alert.id)}/resolve`, {
          by: by.value,
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        });
      }}
      onClose={onClose}
    >
      <p class="note">
        It ends in the log and for every channel that was notified. It is raised again when its condition is
        met again.
      </p>
      <Field label="Reason" value={reason} onInput={setReason} isFocused />
    </Dialog>
  );
}
