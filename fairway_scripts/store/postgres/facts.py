"""What a check-up asks of a server: its version, who is connected as what, what its tables are like."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from fairway_scripts.store.postgres.answers import ServerError
from fairway_scripts.store.postgres.connection import ServerStore, refused

if TYPE_CHECKING:
    from fairway_scripts.store.contract import Store
    from fairway_scripts.store.postgres.server_shapes import ServerFacts

#: The oldest server whose SQL this is.
OLDEST = 130000
_FACTS = """SELECT current_setting('server_version_num') AS version, current_user AS role,
  current_database() AS database, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby,
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
  inet_server_addr() IS NULL AS local, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) AS at_ms,
  has_schema_privilege('{schema}', 'CREATE') AS may_change_tables,
  has_table_privilege('{schema}.events', 'INSERT') AS may_write,
  has_table_privilege('{schema}.events', 'UPDATE') AS may_rewrite"""
_COLLATIONS = """SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = ? AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' ORDER BY 1"""


def facts(store: Store) -> ServerFacts:
    """What the server of an open store says of itself.

    Returns version (number), role, database, encoding, standby, encrypted, local (a socket), may_change_tables,
    may_write, may_rewrite (change events that are there), skew (seconds its clock is ahead of this machine's),
    collations (text columns that are not compared byte by byte), reachable_ms. Raises FairwayError.
    """
    if not isinstance(store, ServerStore):
        raise TypeError(f"{store.path} is no store on a server")
    connection = store.connection
    begun = time.time()
    try:
        cursor = connection.execute(_FACTS.format(schema=connection.schema))
        taken = time.time() - begun
        names = [column[0] for column in cursor.description or ()]
        found: dict[str, Any] = dict(zip(names, cursor.fetchone() or (), strict=True))
        strange = [name for (name,) in connection.execute(_COLLATIONS, [connection.schema])]
    except ServerError as problem:
        raise refused(problem, store.path) from problem
    skew = found.pop("at_ms") / 1000 - begun - taken / 2
    told = {"skew": skew, "collations": strange, "reachable_ms": round(taken * 1000, 1)}
    return cast("ServerFacts", {**found, "version": int(found["version"]), **told})
