/** The statements that make a log's tables those of schema version 4, before events were in partitions. Its partition is to be the first one still. */
export function asSchema4(schema: string): string {
  return `
    ALTER TABLE ${schema}.events DETACH PARTITION ${schema}.events_1;
    DROP TABLE ${schema}.events, ${schema}.ids, ${schema}.partitions;
    ALTER TABLE ${schema}.events_1 RENAME TO events;
    ALTER TABLE ${schema}.events RENAME CONSTRAINT events_1_pkey TO events_pkey;
    ALTER TABLE ${schema}.events ADD CONSTRAINT events_id_key UNIQUE (id);
    ALTER TABLE ${schema}.head DROP COLUMN known, DROP COLUMN first, DROP COLUMN sha256_before;
    DROP FUNCTION ${schema}.add_partitions, ${schema}.drop_partition;
    DELETE FROM ${schema}.meta WHERE key = 'partition_events';
    UPDATE ${schema}.meta SET value = '4' WHERE key = 'schema_version';`;
}
