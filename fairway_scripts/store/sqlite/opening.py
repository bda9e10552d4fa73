"""Opening a store that is a file: made where it may be, and refused with a schema that is not this version's."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite.connection import opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.store.sqlite.connection import FileStore


def open_file(path: str, *, create: bool = False, outdated: bool = False, aside: bool = False) -> FileStore:
    """The opener of `store/opening.py` for the file at `path`."""
    path = os.path.realpath(path)
    if not os.path.exists(path):
        if not create:
            raise FairwayError("not_found", f"there is no store at {path}", suggest("queue-import"), path=path)
        from fairway_scripts.store.sqlite.making import make_file

        make_file(path)
    store, version = opened(path, aside=aside)
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
