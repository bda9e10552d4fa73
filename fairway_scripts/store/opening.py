"""The one opener of stores, whichever engine their place names."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.presence import is_there
from fairway_scripts.store.contract import is_server
from fairway_scripts.store.schema import SCHEMA_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.store.contract import Store
    from fairway_scripts.store.sqlite.connection import FileStore


def open_store(
    place: str, *, create: bool = False, outdated: bool = False, aside: bool = False, stays: bool = False
) -> Store:
    """Open the store at `place`, making it when `create` allows.

    With `aside` it is opened to be read, and nothing is left beside it: for a store of somebody else. One that `stays`
    may be what the call before had open (store/kept_open.py); it is known to be there, under its real path.

    A store that an older version made is never changed in passing: it is refused, or with `outdated` opened as it
    is. Raises FairwayError: `not_found` (none there and `create` is false), `store_outdated`, `store_newer`,
    `store_damaged`, `store_busy`, `store_unavailable`.
    """
    if is_server(place):
        from fairway_scripts.store.postgres.opening import open_schema

        return open_schema(place, create=create, outdated=outdated, aside=aside, stays=stays)
    return _open_file(place, create=create, outdated=outdated, aside=aside, stays=stays)


def make_store(place: str, fill: Callable[[Store], None] | None = None) -> bool:
    """Make a store at `place`, whole or not at all; whether it was made here: one made elsewhere meanwhile stays.

    `fill` puts the first contents into it, before anybody else can see it. Raises FairwayError.
    """
    if is_server(place):
        from fairway_scripts.store.postgres.opening import make_schema

        return make_schema(place, fill)
    from fairway_scripts.store.sqlite.making import make_file

    return make_file(place, fill)


def _open_file(path: str, *, create: bool, outdated: bool, aside: bool, stays: bool) -> Store:
    from fairway_scripts.store.sqlite.connection import opened

    path = path if stays else os.path.realpath(path)
    if not (stays or is_there(path)):
        if not create:
            raise FairwayError("not_found", f"there is no store at {path}", suggest("queue-import"), path=path)
        from fairway_scripts.store.sqlite.making import make_file

        make_file(path)
    store, version = opened(path, aside=aside, stays=stays)
    if version != SCHEMA_VERSION:
        try:
            _settle_version(store, version, outdated=outdated)
        except FairwayError:
            store.close()
            raise
    return store


def _settle_version(store: FileStore, version: int, *, outdated: bool) -> None:
    """Give a new file its tables; refuse every other schema but the one that this version reads and writes."""
    if version > SCHEMA_VERSION:
        from fairway_scripts.store.refusals import newer

        raise newer(store.path, version)
    if version == 0:
        from fairway_scripts.store.sqlite.upgrade import fill_new

        fill_new(store)
    elif not outdated:
        from fairway_scripts.store.refusals import older

        raise older(store.path, version)
