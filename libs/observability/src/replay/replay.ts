export { Rebuild, type RebuildProgress } from './rebuild';
export { type Difference, type Values, allSeries, differences, loggedSeries, metricsText } from './series';
