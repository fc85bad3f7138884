import type { AlertDetail } from '@opensqt/observability/console-api';
import { useState } from 'preact/hooks';
import { change, sentenceOf } from '../../api/client';
import { Action } from '../../components/action';
import { BreakerDialog, breakerScopeOf } from '../../components/breaker-dialog';
import { Failure } from '../../components/failure';
import { momentLink } from '../../state/navigation';
import { by } from '../../state/session';
import { ResolveDialog } from './resolve-dialog';
import { SilenceDialog } from './silence-dialog';

type Opened = 'silence' | 'resolve' | 'reset' | null;

export function AlertActions({ detail }: { readonly detail: AlertDetail }) {
  const { alert, raised } = detail;
  const [opened, open] = useState<Opened>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const close = () => open(null);
  const scope = breakerScopeOf(alert);
  const acknowledge = () => {
    setFailure(null);
    change('POST', `alerts/${encodeURIComponent(alert.id)}/acknowledge`, { by: by.value }).catch(
      (error: unknown) => setFailure(sentenceOf(error)),
    );
  };
  return (
    <>
      <Failure words={failure} />
      <div class="actions">
        {alert.status !== 'open' ? null : (
          <>
            <Action tone="main" hotkey="a" isDisabled={alert.acknowledgedBy !== null} onClick={acknowledge}>
              {alert.acknowledgedBy === null ? 'Acknowledge' : 'Acknowledged'}
            </Action>
            <Action hotkey="s" onClick={() => open('silence')}>
              Silence…
            </Action>
            <Action hotkey="r" onClick={() => open('resolve')}>
              Resolve…
            </Action>
            {scope === null ? null : (
              <Action tone="danger" hotkey="b" onClick={() => open('reset')}>
                Reset breaker…
              </Action>
            )}
          </>
        )}
        {raised?.position == null ? null : (
          <a class="button" href={momentLink(raised.position)} aria-keyshortcuts="t">
            Show that moment <kbd>t</kbd>
          </a>
        )}
        {alert.runbook === null || !/^https?:/.test(alert.runbook) ? null : (
          <a class="button" href={alert.runbook} rel="noreferrer">
            Runbook
          </a>
        )}
      </div>
      {opened === 'silence' ? <SilenceDialog alert={alert} onClose={close} /> : null}
      {opened === 'resolve' ? <ResolveDialog alert={alert} onClose={close} /> : null}
      {opened === 'reset' && scope !== null ? <BreakerDialog scope={scope} onClose={close} /> : null}
    </>
  );
}
