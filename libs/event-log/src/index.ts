export * from './event-log';
export { MemoryEventLog, type MemoryEventLogOptions } from './memory/memory-event-log';
export { type OpenEventLogOptions, openEventLog } from './open-event-log';
export { type PostgresEventLogOptions, openPostgresEventLog } from './postgres/open-postgres-event-log';
export { snapshotChecksum } from './engine/snapshot-checksum';
export {
  type LogRetention,
  type SqliteEventLogOptions,
  openSqliteEventLog,
} from './sqlite/open-sqlite-event-log';
export type { Retention } from './sqlite/archive/retention';
export type { CheckResult, Finding, VerifyCheck, VerifyReport } from './sqlite/verify/verify-report';
export { type VerifyOptions, verifySqliteLog } from './sqlite/verify/verify-sqlite-log';
