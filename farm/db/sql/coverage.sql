-- How many rows there are of each calendar year. Reads, never writes.

-- rendered --
-- Rows of the tables that chunks fill, by table and year, as their markers say: of closed months,
-- which are those that can be seen.
SELECT r.key, extract(year FROM c.month)::int, sum(r.value::bigint)::bigint
  FROM ops.chunk_commit AS k
  JOIN ops.chunk AS c ON c.session = k.session AND c.chunk = k.chunk
  JOIN ops.month AS m ON m.session = c.session AND m.month = c.month
 CROSS JOIN LATERAL jsonb_each_text(k.rows) AS r
 WHERE m.state = 'closed'
 GROUP BY 1, 2
 ORDER BY 1, 2;

-- counted --
-- Rows of a table, counted, by the year of its date.
SELECT {name}, extract(year FROM {date})::int, count(*) FROM {table}{finished} GROUP BY 2;

-- undated --
-- Rows of a table whose rows belong to no year.
SELECT {name}, NULL::int, count(*) FROM {table};
