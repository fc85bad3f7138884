import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from '../deploy/dashboards/dashboards';
import { eventSections, refusalsTable } from './events';
import { configurationDocs } from '../configuration-docs/configuration-docs';
import { fillMarks } from './marks';
import {
  FINGERPRINTS,
  fingerprintsOf,
  fingerprintsText,
  goldenEvents,
  recordedFingerprints,
} from './projection-fingerprints';
import { bucketsTable, channelsTable, conditionsTable, metricsTable } from './tables';

/** The parts of documents that follow from the code, each by its file and the name of its marks there. */
const PARTS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/alerts.md': { conditions: conditionsTable },
  'docs/channels.md': { channels: channelsTable },
  'docs/events.md': { refusals: refusalsTable, events: eventSections },
  'docs/metrics.md': { metrics: metricsTable, buckets: bucketsTable },
};

/** The documents with those parts as the code has them, those of the configuration, Grafana's dashboards and the projections' fingerprints, by their path in the repository. */
export function documents(): Readonly<Record<string, string>> {
  const filled = Object.fromEntries(
    Object.entries(PARTS).map(([file, parts]) => {
      const page = readFileSync(join(__dirname, '../../..', file), 'utf8');
      return [
        file,
        Object.entries(parts).reduce((text, [name, part]) => fillMarks(text, name, part()), page),
      ];
    }),
  );
  const fingerprints = fingerprintsText(recordedFingerprints(), fingerprintsOf(goldenEvents()));
  return { ...filled, ...configurationDocs(), ...dashboards(), [FINGERPRINTS]: fingerprints };
}
