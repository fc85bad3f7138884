import { eventsDocument } from './events-document';
import { metricsDocument } from './metrics-document';

/** The generated documents by their path in the repository. */
export function documents(): Readonly<Record<string, string>> {
  return {
    'docs/events.md': `${eventsDocument()}\n`,
    'docs/metrics.md': `${metricsDocument()}\n`,
  };
}
