export { type Candidate, anyCandidate, anyEvent, anyEvents } from './arbitrary-events';
export { type Make, hostileValue, nearEvent } from './hostile-values';
