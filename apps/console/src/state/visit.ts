import { signal } from '@preact/signals';
import { live } from './live';
import { remembered } from './remembered';

/** A look away for longer ends the visit. */
const AWAY = 600_000;
/** Several bots may be behind one host, each below a path of its own. */
const BOT = location.pathname;
const KEY = `opensqt.visit ${BOT}`;

/** The last position that this browser showed when it was left. */
const seen = remembered<number>(`seen ${BOT}`, 0);

/** The position that was shown last before this visit; 0: there was none before. A reload goes on with the visit. */
export const lastVisit = signal(begun());

function begun(): number {
  try {
    const kept = sessionStorage.getItem(KEY) ?? String(seen.value);
    sessionStorage.setItem(KEY, kept);
    return Number(kept);
  } catch {
    return seen.value;
  }
}

let leftAt = Date.now();
addEventListener('visibilitychange', () => {
  if (document.hidden) {
    seen.value = live.value?.position ?? seen.value;
    leftAt = Date.now();
  } else if (Date.now() - leftAt > AWAY) lastVisit.value = seen.value;
});
