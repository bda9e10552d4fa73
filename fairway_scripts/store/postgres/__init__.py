"""The engine of several machines: a schema of a PostgreSQL server, 13 or newer."""
