import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client';
import { Failure } from './failure';

interface DialogProps {
  readonly title: string;
  /** The words of the button that does it. */
  readonly does: string;
  readonly tone?: 'main' | 'danger';
  /** The reason that it can't be done yet; null: it can. */
  readonly missing?: string | null;
  /** Does it; a failure is shown and the dialog stays. */
  readonly onDo: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

/** Asks before something is done. Its result is what the log says, so it closes when the bot has accepted it. */
export function Dialog({ title, does, tone = 'main', missing = null, onDo, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => element.current?.showModal(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (missing !== null || isBusy) return;
    setBusy(true);
    setFailure(null);
    await onDo().then(onClose, (error: unknown) => {
      setFailure(sentenceOf(error));
      setBusy(false);
    });
  };

  return (
    <dialog ref={element} class="panel dialog" aria-labelledby={heading} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <header>
          <h2 id={heading}>{title}</h2>
        </header>
        <div class="pad stack">{children}</div>
        <Failure words={failure} />
        <div class="actions">
          <button type="submit" class={tone} disabled={missing !== null || isBusy}>
            {does}
          </button>
          <button type="button" onClick={onClose}>
            Cancel <kbd>Esc</kbd>
          </button>
          {missing === null ? null : <span class="muted small">{missing}</span>}
        </div>
      </form>
    </dialog>
  );
}
