"""The old database as it was at one moment, kept as a file of its own."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.part_files import part_path
from fairway_scripts.store.legacy_mark import content_ns
from fairway_scripts.store.legacy_source import open_legacy
from fairway_scripts.store.sqlite.copying import copy_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.store.legacy_reading import LegacySource


class Snapshot(NamedTuple):
    """A copy of the old database `of`, at `path`.

    `taken_ns` is the moment before it was taken, `written_ns` when the original had last been written to, both in
    nanoseconds since 1970.
    """

    path: str
    of: str
    taken_ns: int
    written_ns: int


def take_snapshot(of: str, stem: str, *, kept: str = "", taken: int = 0) -> Snapshot:
    """Copy the old database `of` to `stem.db`, with `stem.json` beside it, whole or not at all.

    `kept` is a copy of its files, with their times, that was made at the moment `taken`. Raises FairwayError as
    `open_legacy` does, and `file_unavailable`.
    """
    part = part_path(stem)
    place = kept or of
    taken, written = taken or time.time_ns(), 0
    try:
        with (
            open_legacy(place) as source,
            contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            copy_pages(source.connection, copy, place)
            written = content_ns(place)
            copy.execute("PRAGMA journal_mode = DELETE")  # what was a WAL database needs no companions as a copy
            copy.execute(f"PRAGMA schema_version = {source.schema_version():d}")  # copying counts it up
        os.replace(part, f"{stem}.db")
        note = {"of": of, "taken_ns": taken, "written_ns": written}
        with open(part, "x", encoding="utf-8") as file:
            file.write(jsonio.dumps(note))
        os.replace(part, f"{stem}.json")
    except (OSError, sqlite3.Error) as problem:
        raise FairwayError("file_unavailable", f"{stem}.db: cannot be written: {problem}") from problem
    finally:
        with contextlib.suppress(OSError):
            os.unlink(part)
    return Snapshot(f"{stem}.db", of, taken, written)


def read_snapshot(stem: str) -> Snapshot | None:
    """The snapshot that `take_snapshot` left at `stem`, None when there is none."""
    try:
        with open(f"{stem}.json", encoding="utf-8") as file:
            note = jsonio.loads(file.read())
    except (FileNotFoundError, ValueError):
        return None
    return Snapshot(f"{stem}.db", note["of"], note["taken_ns"], note["written_ns"])


@contextlib.contextmanager
def open_snapshot(snapshot: Snapshot) -> Iterator[LegacySource]:
    """The old database as it was then, under its own name; raises FairwayError as `open_legacy` does."""
    with open_legacy(snapshot.path) as source:
        source.path = snapshot.of
        yield source
