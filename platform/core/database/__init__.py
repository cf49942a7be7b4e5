"""PostgreSQL: connections, the transaction of a request, tables, migrations, reference data."""
