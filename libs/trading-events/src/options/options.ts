export { amount, feeRate } from './amounts';
export { byteSize } from './byte-size';
export { TIMER_MAX, duration, parseDuration } from './duration';
export { strangeEnd, withoutLineBreak } from './ends';
export {
  type FileContent,
  type FileReference,
  describeFailure,
  isFileReference,
  textIn,
} from './file-reference';
export { type KindSection, kindSection } from './kind-section';
export { type KeyPath, formatPath } from './key-path';
export { describeViolations, judge, parseOptions } from './read-options';
export { type Objection, neededWhileEnabled, rule } from './rule';
export {
  HIDDEN,
  choice,
  flag,
  isClose,
  list,
  listeningPort,
  nearest,
  number,
  numberKind,
  scalar,
  wholeNumber,
} from './scalar';
export { type Schema, allKeys, metadataOf, shapeOf } from './schema-walk';
export { type LocatedViolation, schemaViolations } from './schema-violations';
export { secretsIn } from './secrets';
export { IN_FILE, spelled } from './spelling';
export { httpUrl, isHttpUrl, nameText, text, textOrNumber } from './text';
export { clockTime, instant, isTimeZone, timeZone } from './times';
export { type Violation, describeValue } from './violation';
export { spelledAsInCode, spelledAsInFile } from './written-options';
