import { go, route } from './navigation';
import { remembered } from './remembered';
import { VIEWS } from './route';
import { head, isPlaying, jump, show, step, togglePlay } from './transport';

/** True while single keys do something. */
export const keysAreOn = remembered<boolean>('keys', true);

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.closest('input, select, dialog') !== null || target.isContentEditable);

/** Clicks the button or link of the page that carries the key. */
function clickKey(key: string): boolean {
  const control = document.querySelector<HTMLElement>(`main [aria-keyshortcuts="${CSS.escape(key)}"]`);
  control?.click();
  return control !== null;
}

/** Moves the focus to the next row's link, or the one before. */
function moveRow(direction: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('main .alerts a, main .log-rows a')];
  const index = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[index === -1 && direction === -1 ? rows.length - 1 : index + direction];
  next?.focus();
  return next !== undefined;
}

function onTransport({ key, shiftKey }: KeyboardEvent): boolean {
  if (route.value.at === null && route.value.view !== 'timeline') return false;
  switch (key) {
    case ' ':
      togglePlay();
      return true;
    case 'ArrowLeft':
    case 'ArrowRight': {
      const direction = key === 'ArrowRight' ? 1 : -1;
      if (shiftKey) jump(direction);
      else step(direction);
      return true;
    }
    case 'Home':
      show(1);
      return true;
    case 'End':
      show(head());
      return true;
    default:
      return false;
  }
}

function onKey(event: KeyboardEvent): boolean {
  const { key } = event;
  if (key === 'Escape' && route.value.at !== null) {
    isPlaying.value = false;
    go({ at: null });
    return true;
  }
  if (!keysAreOn.value) return false;
  const view = VIEWS[Number(key) - 1];
  if (view) {
    go({ view, id: null, query: {} });
    return true;
  }
  if (key === '/') {
    const filter = document.querySelector<HTMLElement>('main [data-filter]');
    filter?.focus();
    return filter !== null;
  }
  if (key === 'ArrowDown' || key === 'ArrowUp') return moveRow(key === 'ArrowDown' ? 1 : -1);
  if (/^[a-z]$/.test(key)) return clickKey(key);
  const isOnControl =
    document.activeElement instanceof HTMLElement && document.activeElement.matches('button, a, summary');
  return key === ' ' && isOnControl ? false : onTransport(event);
}

export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    if (onKey(event)) event.preventDefault();
  });
}
