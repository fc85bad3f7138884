import type { QuarantinedEvent, VerifyReport } from '@opensqt/event-log';
import { aligned, typed } from '@opensqt/configuration/command-line';
import { escapeControls } from '@opensqt/trading-events';

/** Parts of the log that the summary lists. */
const RANGES_SHOWN = 10;
/** Events that were set aside that are listed. */
const EVENTS_SHOWN = 100;

/** The events that were set aside now, and what follows from that. */
export function quarantineLines(quarantined: readonly QuarantinedEvent[]): string {
  const { length } = quarantined;
  if (length === 0) return 'Every event can be read: nothing was set aside.\n\n';
  const lost = quarantined
    .slice(0, EVENTS_SHOWN)
    .map(({ position, eventType, reason }) =>
      escapeControls(`position ${position}: ${eventType}: ${reason}`),
    );
  return `${[
    `${length} ${length === 1 ? 'event was' : 'events were'} set aside. Lost to metrics, positions and alerts:`,
    ...lost,
    ...(length > EVENTS_SHOWN ? [`… and ${length - EVENTS_SHOWN} more`] : []),
    `Compare positions and open orders with the venue before you start. ${typed('events')} --type event.quarantined prints what is left of these events.`,
  ].join('\n')}\n\n`;
}

/** The lines of each check, of its result, and of the remedy. */
export function reportLines({ log, ok, first: begin, position, checks, vouched }: VerifyReport): string {
  const rows = checks.map(({ check, looked, findings, found }) => [
    check,
    looked,
    findings.some(({ severity }) => severity === 'error') ? 'DAMAGED' : found > 0 ? 'see below' : 'ok',
  ]);
  const unread = checks.some(({ check, findings }) => check === 'events' && findings.length > 0);
  const details = checks.flatMap(({ check, findings, found }) => [
    ...findings.map(({ severity, message }) => escapeControls(`${severity}: ${check}: ${message}`)),
    ...(found > findings.length ? [`… and ${found - findings.length} more: ${check}`] : []),
  ]);
  const aside = checks.find(({ check }) => check === 'quarantine')?.found ?? 0;
  const verdict = ok
    ? `${log} ${aside > 0 ? 'can be read' : 'is intact'}: positions ${begin} to ${position}${aside > 0 ? `, ${aside} of them set aside` : ''}.${begin > 1 ? ' Those before were dropped by its retention.' : ''}`
    : `${log} is damaged. docs/operations.md, section "Event log", says what can be done.`;
  const remedy = unread
    ? [
        `A market maker stops at an event that can't be read. Restore a backup that has it; without one, stop the market maker and set it aside: ${typed('verify')} --quarantine`,
      ]
    : [];
  const ranges = vouched.slice(0, RANGES_SHOWN).map(({ first, last }) => `${first} to ${last}`);
  const more = vouched.length > RANGES_SHOWN ? ` and ${vouched.length - RANGES_SHOWN} more parts` : '';
  const chain = `The chain of hashes vouches for ${ranges.length === 0 ? 'no position' : `positions ${ranges.join(', ')}${more}`}.`;
  return `${[...aligned([['check', 'looked at', 'result'], ...rows]), '', ...details, chain, ...remedy, verdict].join('\n')}\n`;
}
