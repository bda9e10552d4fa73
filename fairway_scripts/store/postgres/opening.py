"""Opening and making a store that is a schema of a server."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.contract import LooseTransaction, Store
from fairway_scripts.store.postgres.answers import ServerError
from fairway_scripts.store.postgres.channel import Connection
from fairway_scripts.store.postgres.connection import Reading, ServerStore
from fairway_scripts.store.schema import SCHEMA_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.store.contract import Question
    from fairway_scripts.store.postgres.transaction import ServerTransaction

_VERSION = "reports.schema_version"


def open_schema(place: str, *, create: bool, outdated: bool, aside: bool, stays: bool = False) -> ServerStore:
    """The opener of `store/opening.py` for a schema; with `aside` nothing can be written."""
    connection = Store.lender(place, Connection) if Store.lender and stays else Connection(place)
    store = ServerStore(place, connection, read_only=aside or Store.only_reads)
    try:
        _settle_version(store, _version(store), create=create, outdated=outdated)
    except BaseException:
        store.close()
        raise
    return store


def _settle_version(store: ServerStore, version: int | None, *, create: bool, outdated: bool) -> None:
    """Make the tables where there are none and `create` allows; refuse every other schema than this version's."""
    if version is None:
        if not create:
            message = f"there is no store at {store.path}"
            raise FairwayError("not_found", message, suggest("queue-import"), path=store.path)
        from fairway_scripts.store.postgres.tables import make_tables

        make_tables(store)
    elif version > SCHEMA_VERSION:
        from fairway_scripts.store.refusals import newer

        raise newer(store.path, version)
    elif version < SCHEMA_VERSION and not outdated:
        from fairway_scripts.store.refusals import older

        raise older(store.path, version)


def _version(store: ServerStore) -> int | None:
    """The schema version of the store, None where there is no store; what it remembers comes along.

    Raises FairwayError.
    """
    for along in (_asked_first(), []):  # an older schema has not all of these tables
        with Reading(store) as tx:
            try:
                tx.foresee((_VERSION, {}), *along)
                version = tx.schema_version()
                for name, values in along:
                    store.found_first[name, *values.items()] = LooseTransaction.all(tx, name, **values)
            except ServerError as problem:
                if problem.sqlstate not in ("3F000", "42P01"):  # no such schema, no such table
                    raise
            else:
                return version or None
    return None


def _asked_first() -> list[Question]:
    """What nearly every call asks at its beginning."""
    return [(name, {}) for name in ("sources.remembered", "sources.sources", "tasks.cutting_over", "tasks.owed")]


def make_schema(place: str, fill: Callable[[Store], None] | None = None) -> bool:
    """The maker of `store/opening.py` for a schema: tables and first contents are one transaction."""
    from fairway_scripts.store.postgres.tables import make_within

    store = ServerStore(place, Connection(place))
    try:
        with store.write(repeatable=True) as tx:
            made = make_within(tx, place)
            if made and fill is not None:
                fill(_Begun(store, tx))
    finally:
        store.close()
    return made


class _Begun(ServerStore):
    """A store whose one transaction has begun: what is done in it is committed, or taken back, as a whole."""

    __slots__ = ("_tx",)

    def __init__(self, store: ServerStore, tx: ServerTransaction) -> None:
        super().__init__(store.path, store.connection)
        self._tx = tx

    def read(self, *, temporary: bool = False) -> _Within:  # type: ignore[override]  # noqa: ARG002
        return _Within(self._tx)

    def write(self, *, repeatable: bool = False) -> _Within:  # type: ignore[override]  # noqa: ARG002
        return _Within(self._tx)

    def close(self) -> None:
        """Leave it open: it is closed by whoever began."""


class _Within:
    """`with` on a transaction that somebody else ends."""

    __slots__ = ("_tx",)

    def __init__(self, tx: ServerTransaction) -> None:
        self._tx = tx

    def __enter__(self) -> ServerTransaction:
        return self._tx

    def __exit__(self, *_how: object) -> None:
        pass
