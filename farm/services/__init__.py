"""PostgreSQL, a Redis-protocol server and workers for a machine that has none running."""
