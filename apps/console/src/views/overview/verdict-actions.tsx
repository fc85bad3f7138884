import type { Overview } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { Action } from '../../components/action';
import { BreakerDialog, breakerScopeOf } from '../../components/breaker-dialog';
import { link } from '../../state/navigation';

/** The actions that follow from the verdict. */
export function VerdictActions({ overview }: { readonly overview: Overview }) {
  const [isOpen, setOpen] = useState(false);
  const { items } = overview.alerts;
  const { verdict, symbols } = overview.verdict;
  const scopes = items.flatMap((alert) => breakerScopeOf(alert) ?? []);
  // A breaker of all symbols is named before those of single ones, which may have tripped first.
  const isBreaker = symbols.still.some(({ code }) => code === 'breaker');
  const why = items.find((alert) => isBreaker && breakerScopeOf(alert) === 'global') ?? items[0];
  if (verdict === 'trading' || !why) return null;
  return (
    <div class="does">
      <a class="button" href={link('alerts', why.id)}>
        Why
      </a>
      {scopes.length === 0 ? null : (
        <Action tone="danger" onClick={() => setOpen(true)}>
          Reset breaker…
        </Action>
      )}
      {isOpen ? (
        <BreakerDialog
          scope={scopes.includes('global') ? 'global' : (scopes[0] ?? 'global')}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}
