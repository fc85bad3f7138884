import type { ComponentChildren } from 'preact';
import { obstacle } from '../state/session';
import { tense } from '../state/shown';
import { askForToken } from './token';

interface ActionProps {
  readonly onClick: () => void;
  readonly tone?: 'main' | 'danger' | undefined;
  readonly hotkey?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly children: ComponentChildren;
}

/** A button that changes something, so none in the past: dashed where it can't, with the reason; asks for the token where that is missing. */
export function Action({ onClick, tone, hotkey, isDisabled = false, children }: ActionProps) {
  if (tense.value === 'past') return null;
  const reason = obstacle.value;
  const needsToken = reason === 'Needs the token';
  return (
    <button
      type="button"
      class={`${tone ?? ''}${reason ? ' barred' : ''}`}
      disabled={isDisabled || (reason !== null && !needsToken)}
      title={reason ?? undefined}
      aria-keyshortcuts={hotkey}
      onClick={() => (needsToken ? askForToken() : onClick())}
    >
      {children}
      {hotkey ? <kbd>{hotkey}</kbd> : null}
      {needsToken ? <span class="hide"> (needs the token)</span> : null}
    </button>
  );
}
