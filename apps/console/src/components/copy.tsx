import { useState } from 'preact/hooks';

/** Copies a text. Browsers allow that only on this machine and over TLS; elsewhere it says so. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const [said, say] = useState('');
  const copy = () =>
    (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error())).then(
      () => say('Copied'),
      () => say('This browser does not allow it: select the text'),
    );
  return (
    <>
      <span class="muted small" role="status">
        {said}
      </span>
      <button type="button" disabled={text === ''} onClick={() => void copy()}>
        Copy <span class="hide">{what}</span>
      </button>
    </>
  );
}
