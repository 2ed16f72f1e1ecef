"""PostgreSQL: tables, migrations, COPY, month leaves, the ledger. And the ledger's Redis copy."""
