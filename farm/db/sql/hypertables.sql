-- By-month tables as TimescaleDB hypertables; functions of its Apache-licensed part alone.

-- preloaded --
-- Whether the server loads TimescaleDB when it starts; asking for more would end the connection.
SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'timescaledb.disable_load');

-- extension --
-- The extension's version: the one installed in this database, else the one that would be.
SELECT coalesce(installed_version, default_version), installed_version IS NOT NULL
  FROM pg_available_extensions WHERE name = 'timescaledb';

-- set_aside --
-- Another name for a partitioned table without partitions.
ALTER TABLE {table} RENAME TO {old};

-- copy_shape --
-- A plain table with its columns and checks. The key is left out: a hypertable's indexes are on
-- every chunk from its beginning.
CREATE TABLE {table} (LIKE {old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);

-- make_hypertable --
-- A hypertable of a plain table.
SELECT create_hypertable({name}, {column}, chunk_time_interval => interval '1 month',
                         associated_schema_name => 'public', associated_table_prefix => {prefix},
                         create_default_indexes => false);

-- existing --
-- Which of these tables there are.
SELECT relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(names)s);

-- set_length --
-- Chunks that are made from now on are this long, without what other chunks hold.
SELECT set_partitioning_interval({name}, make_interval(days => {days}));

-- insert_row --
-- A row, and the chunk it needs unless that is there.
INSERT INTO {parent} ({columns}) VALUES ({values});

-- chunk_of_row --
-- The chunk a row is in.
SELECT relname FROM pg_class
 WHERE oid = (SELECT tableoid FROM {parent} WHERE {column} = {moment} LIMIT 1);

-- usual_length --
-- Chunks of rows that are not the farm's are about a month long.
SELECT set_partitioning_interval({name}, interval '1 month');

-- spans --
-- From where to where these chunks go.
SELECT chunk_name, range_start, range_end FROM timescaledb_information.chunks
 WHERE chunk_schema = 'public' AND chunk_name = ANY(%(names)s);
