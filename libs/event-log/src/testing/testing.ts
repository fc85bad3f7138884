export { CuttingProxy } from './cutting-proxy';
export { freePort } from './database-process';
export { PASSWORD, PostgresServer } from './postgres-server';
export { type ProcessResult, runSource, sourceArguments, startSource } from './source-process';
export { type Exit, WatchedProcess } from './watched-process';
