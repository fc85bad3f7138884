import '@opensqt/trading-events'; // first: it refuses a Node that is too old

export * from './event-log';
export { MemoryEventLog, type MemoryEventLogOptions } from './memory/memory-event-log';
export { type OpenEventLogOptions, openEventLog } from './open-event-log';
export type { PostgresEventLogOptions } from './postgres/open-postgres-event-log';
export { snapshotChecksum } from './engine/snapshot-checksum';
export {
  type LogRetention,
  type SqliteEventLogOptions,
  openSqliteEventLog,
} from './sqlite/open-sqlite-event-log';
export type { Retention } from './engine/retention';
export { type BackupOptions, backupSqliteLog } from './sqlite/backup/backup-sqlite-log';
export type { QuarantinedEvent } from './engine/quarantine';
export { type QuarantineOptions, quarantineSqliteLog } from './sqlite/quarantine/quarantine-sqlite-log';
export { headOfSqliteLog } from './sqlite/verify/chain-head';
export type { PostgresLogToVerify, VerifyPostgresOptions } from './postgres/verify/verify-postgres-log';
export type { QuarantinePostgresOptions } from './postgres/quarantine/quarantine-postgres-log';
export {
  headOfPostgresLog,
  openPostgresEventLog,
  quarantinePostgresLog,
  verifyPostgresLog,
} from './with-postgres';
export type {
  ChainPoint,
  CheckResult,
  Finding,
  PositionRange,
  VerifyCheck,
  VerifyReport,
} from './engine/verify/verify-report';
export { type VerifyOptions, verifySqliteLog } from './sqlite/verify/verify-sqlite-log';
