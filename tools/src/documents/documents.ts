import { eventsDocument } from './events-document';
import { metricsDocument } from './metrics-document';
import { alertsDocument, channelsDocument } from './registry-tables';

/** The generated documents by their path in the repository. */
export function documents(): Readonly<Record<string, string>> {
  return {
    'docs/alerts.md': alertsDocument(),
    'docs/channels.md': channelsDocument(),
    'docs/events.md': `${eventsDocument()}\n`,
    'docs/metrics.md': `${metricsDocument()}\n`,
  };
}
