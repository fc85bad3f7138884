export { amount, feeRate } from './amounts';
export { byteSize } from './byte-size';
export { TIMER_MAX, duration, formatDuration, parseDuration } from './duration';
export { type KeyPath, formatPath } from './key-path';
export { describeViolations, judge, parseOptions } from './read-options';
export { type Objection, neededWhileEnabled, rule } from './rule';
export {
  type ScalarHint,
  type ScalarKind,
  choice,
  flag,
  listeningPort,
  number,
  numberKind,
  scalar,
  wholeNumber,
} from './scalar';
export { type Schema, entryOf, metadataOf, shapeOf } from './schema-walk';
export { type LocatedViolation, schemaViolations } from './schema-violations';
export { secretsIn } from './secrets';
export { IN_FILE, spelled } from './spelling';
export { httpUrl, isHttpUrl, text, textOrNumber } from './text';
export { CLOCK_TIME, clockTime, instant, isTimeZone, timeZone } from './times';
export type { Violation } from './violation';
export { spelledAsInCode } from './written-options';
