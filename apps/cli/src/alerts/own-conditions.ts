import type { LogRecord } from '@opensqt/event-log';
import { ALERT_CONDITIONS } from '@opensqt/observability/replay';

/** Notes the conditions of a log's alerts that are not built in: what raised them is an application's code, which a command does not have. */
export class OwnConditions {
  private readonly found = new Set<string>();

  /** Passes the records on. */
  async *in(records: AsyncIterable<readonly LogRecord[]>): AsyncIterable<readonly LogRecord[]> {
    for await (const chunk of records) {
      for (const { event } of chunk)
        if (event.type === 'alert.raised' && !ALERT_CONDITIONS.includes(event.data.condition))
          this.found.add(event.data.condition);
      yield chunk;
    }
  }

  /** The sentence about them; none where there are none. */
  lines(): readonly string[] {
    if (this.found.size === 0) return [];
    const names = [...this.found].sort().join(', ');
    return [
      `Not decided here: ${names}. An application's own rules are code that this command does not have; ask them in the application (docs/alerts.md).`,
    ];
  }
}
