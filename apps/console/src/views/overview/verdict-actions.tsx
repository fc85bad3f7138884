import type { Overview } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { Action } from '../../components/action';
import { BreakerDialog, breakerScopeOf } from '../../components/breaker-dialog';
import { link } from '../../state/navigation';

/** The actions that follow from the verdict. */
export function VerdictActions({ overview }: { readonly overview: Overview }) {
  const [isOpen, setOpen] = useState(false);
  const scopes = overview.alerts.items.flatMap((alert) => breakerScopeOf(alert) ?? []);
  const [worst] = overview.alerts.items;
  if (overview.verdict.verdict === 'trading' || !worst) return null;
  return (
    <div class="does">
      <a class="button" href={link('alerts', worst.id)}>
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
