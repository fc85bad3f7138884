/** The answers of a bot, as the page's contract has them. */
export * from './log-fixtures';
export * from './missed-fixtures';
export { NOW } from './moments';
export * from './overview-fixtures';
export * from './rules-fixtures';
