import { keysAreOn } from '../state/keys';
import { endSession, session, signature } from '../state/session';
import { askForToken } from './token';

/** Choices of this browser: single keys, the session, the name that changes are signed with. */
export function Foot() {
  const may = session.value;
  return (
    <footer class="foot">
      <label>
        <input
          type="checkbox"
          checked={keysAreOn.value}
          onChange={(event) => (keysAreOn.value = event.currentTarget.checked)}
        />
        Single keys
      </label>
      <span class="keys">
        <kbd>1</kbd>–<kbd>6</kbd> views, <kbd>/</kbd> filter, <kbd>←</kbd> <kbd>→</kbd> record,{' '}
        <kbd>Space</kbd> play, <kbd>Esc</kbd> live
      </span>
      {may === null ? null : may.canChange ? (
        <button type="button" onClick={() => void endSession()}>
          End the session{may.name === null ? '' : ` of ${may.name}`}
        </button>
      ) : may.changesPossible ? (
        <button type="button" onClick={askForToken}>
          Use a token
        </button>
      ) : (
        <span>Reading only: the configuration has no token.</span>
      )}
      {may?.canChange && may.name === null ? (
        <label>
          Changes are signed{' '}
          <input
            value={signature.value}
            placeholder="console"
            onInput={(event) => (signature.value = event.currentTarget.value)}
          />
        </label>
      ) : null}
    </footer>
  );
}
