export { PASSWORD, PostgresServer } from './postgres-server';
export { type ProcessResult, runSource, startSource } from './source-process';
