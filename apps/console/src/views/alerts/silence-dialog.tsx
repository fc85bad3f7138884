import type { AlertView, SilencePreview } from '@opensqt/observability/console-api';
import { useEffect, useState } from 'preact/hooks';
import { change, sentenceOf } from '../../api/client';
import { Dialog } from '../../components/dialog';
import { Field } from '../../components/field';
import { parseDuration, seconds } from '../../format/time';
import { plural } from '../../format/words';
import { by } from '../../state/session';
import { matchersOf, typed, unreadIn } from './matchers';

const RESTS_FOR = 300;

/** The alerts that matchers would hold, asked for when typing rests. */
function usePreview(matchers: readonly string[]) {
  const [preview, setPreview] = useState<SilencePreview | string | null>(null);
  useEffect(() => {
    if (matchers.length === 0) {
      setPreview(null);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(() => {
      change<SilencePreview>('POST', 'silences/preview', { matchers })
        .catch(sentenceOf)
        .then(
          (answer) => (isCurrent ? setPreview(answer) : undefined),
          () => undefined,
        );
    }, RESTS_FOR);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [matchers.join('\n')]);
  return preview;
}

function Preview({ preview }: { readonly preview: SilencePreview | string | null }) {
  if (preview === null) return <p class="note">What it would hold is shown here.</p>;
  if (typeof preview === 'string') return <p class="note error">{preview}</p>;
  const { open, lastWeek, warnings } = preview;
  const names = open.slice(0, 4).map(({ subject, summary }) => `${subject} ${summary}`);
  return (
    <p class="note">
      Would hold <b>{plural(open.length, 'open alert')}</b>
      {names.length > 0 ? ` (${names.join(', ')}${open.length > names.length ? ' …' : ''})` : ''} and would
      have held <b>{lastWeek.matched}</b> of the {lastWeek.raised} raised in the last 7 days.{' '}
      {lastWeek.critical > 0 || open.some(({ level }) => level === 'CRITICAL')
        ? 'CRITICAL alerts are among them: while silenced, only the log channel is notified. '
        : ''}
      {warnings.join(' ')}
    </p>
  );
}

/** Holds alerts back for a time, with a preview of which. */
export function SilenceDialog({
  alert,
  onClose,
}: {
  readonly alert: AlertView;
  readonly onClose: () => void;
}) {
  const { bot: _bot, ...labels } = alert.labels;
  const [text, setText] = useState(() => typed({ condition: alert.condition, ...labels }));
  const [length, setLength] = useState('30m');
  const [reason, setReason] = useState('');
  const matchers = matchersOf(text);
  const unread = unreadIn(text);
  const ms = parseDuration(length);
  const missing =
    matchers.length === 0
      ? 'Needs a matcher.'
      : unread !== ''
        ? `No matcher: ${unread}`
        : ms === null
          ? 'Needs a duration such as 30m.'
          : reason.trim() === ''
            ? 'Needs a reason.'
            : null;
  return (
    <Dialog
      title="Silence"
      does={`Silence for ${ms === null ? '…' : seconds(ms)}`}
      missing={missing}
      onDo={async () => {
        await change('POST', 'silences', {
          matchers,
          duration: ms ?? 0,
          reason: reason.trim(),
          by: by.value,
        });
      }}
      onClose={onClose}
    >
      <div class="form">
        <Field class="all" label="Matchers" value={text} onInput={setText} />
        <Field label="For" value={length} onInput={setLength} />
        <Field
          label="Reason, required"
          value={reason}
          onInput={setReason}
          placeholder="for those who look next"
          isFocused
        />
      </div>
      <Preview preview={usePreview(matchers)} />
    </Dialog>
  );
}
