export { PASSWORD, PostgresServer } from './postgres-server';
export { type ProcessResult, runSource, sourceArguments, startSource } from './source-process';
export { type Exit, WatchedProcess } from './watched-process';
