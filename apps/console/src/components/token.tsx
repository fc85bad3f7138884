import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { beginSession } from '../state/session';
import { Dialog } from './dialog';
import { Field } from './field';

const isAsking = signal(false);

/** Opens the dialog that takes the token. */
export const askForToken = (): void => {
  isAsking.value = true;
};

/** Takes the token, which becomes a session of this browser. */
export function TokenDialog() {
  return isAsking.value ? <TokenForm /> : null;
}

function TokenForm() {
  const [token, setToken] = useState('');
  return (
    <Dialog
      title="Token"
      does="Use it"
      missing={token === '' ? 'Needs the token.' : null}
      onDo={() => beginSession(token)}
      onClose={() => (isAsking.value = false)}
    >
      <p>One of `server.tokens`, or `server.token`. This browser keeps a session, not the token.</p>
      <Field label="Token" isSecret value={token} onInput={setToken} isFocused />
    </Dialog>
  );
}
