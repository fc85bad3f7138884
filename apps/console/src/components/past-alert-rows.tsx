import type { AlertView } from '@opensqt/observability/console-api';
import { clock } from '../format/time';
import { link } from '../state/navigation';
import { Level } from './level';

/** Rows of alerts that ended, with the market time of their end. */
export function PastAlertRows({
  alerts,
  selected = null,
}: {
  readonly alerts: readonly AlertView[];
  readonly selected?: string | null;
}) {
  return (
    <ul class="alerts">
      {alerts.map((alert) => (
        <li key={alert.id}>
          <a
            href={link('alerts', alert.id)}
            aria-current={alert.id === selected ? 'true' : undefined}
            title={alert.title}
          >
            <Level level={alert.level} isOver />
            <span class="t">
              <b>{alert.subject}</b> {alert.summary}
            </span>
            <span class="m">{clock(alert.resolvedAt ?? alert.updatedAt)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
