import type { SessionView } from '@opensqt/observability/console-api';
import { computed, signal } from '@preact/signals';
import { change, read } from '../api/client';
import { remembered } from './remembered';
import { tense } from './shown';

/** The rights of this browser; null before the bot has said so. */
export const session = signal<SessionView | null>(null);
/** The name that changes are signed with, where the token has none. */
export const signature = remembered<string>('name', '');

/** Asks the bot what this browser may do. */
export async function loadSession(): Promise<void> {
  session.value = await read<SessionView>('session').catch(() => session.value);
}

/** Begins a session with a token. Throws `ApiError`. */
export async function beginSession(token: string): Promise<void> {
  session.value = await change<SessionView>('POST', 'session', { token });
}

export async function endSession(): Promise<void> {
  await change('DELETE', 'session');
  await loadSession();
}

/** The one that changes are signed with. */
export const by = computed(() => session.value?.name ?? (signature.value.trim() || 'console'));

/** The reason that nothing can be changed now; null: it can. */
export const obstacle = computed<string | null>(() => {
  if (tense.value === 'stale') return 'No answer from the bot';
  if (!session.value) return 'Asking what is allowed';
  if (!session.value.changesPossible) return 'Needs a token in the configuration';
  return session.value.canChange ? null : 'Needs the token';
});
