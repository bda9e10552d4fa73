What PostgreSQL is asked in its own words.

-- name: reports.quick_check
SELECT 'ok'

-- name: reports.journal_mode
SELECT 'wal'

-- name: reports.schema_version
SELECT version FROM store_schema

-- name: sources.has_meta
SELECT 1
