export * from './event-log';
export { MemoryEventLog, type MemoryEventLogOptions } from './memory/memory-event-log';
export { type OpenEventLogOptions, openEventLog } from './open-event-log';
export { type PostgresEventLogOptions, openPostgresEventLog } from './postgres/open-postgres-event-log';
export { type SqliteEventLogOptions, openSqliteEventLog } from './sqlite/open-sqlite-event-log';
export { snapshotChecksum } from './snapshot-checksum';
