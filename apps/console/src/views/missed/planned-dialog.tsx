import type { IncidentView } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change } from '../../api/client';
import { Dialog } from '../../components/dialog';
import { Field } from '../../components/field';
import { live } from '../../state/live';
import { by } from '../../state/session';

interface PlannedProps {
  readonly incident: IncidentView;
  readonly onClose: () => void;
}

/** Says that an incident was planned. */
export function PlannedDialog({ incident: { from, to }, onClose }: PlannedProps) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title="Mark as planned"
      does="Mark it"
      missing={reason.trim() === '' ? 'Needs a reason.' : null}
      onDo={async () => {
        const end = Math.max(from.at, to?.at ?? live.value?.time ?? 0);
        await change('POST', 'missed/planned', {
          from: from.at,
          to: end,
          reason: reason.trim(),
          by: by.value,
        });
      }}
      onClose={onClose}
    >
      <p class="note">
        The mark is a record of the log. Nothing is held back by it: that is what a silence is for.
      </p>
      <Field label="Reason, required" value={reason} onInput={setReason} isFocused />
    </Dialog>
  );
}
