"""The engine of one machine: a SQLite file."""
