"""Names of files that are still being written, so that they can be told from everything else and found when left over.

Such a file is hidden, lies beside what it becomes, and its name cannot be guessed: nobody can plant a link there.
"""

from __future__ import annotations

import os

#: What SQLite puts beside a database.
COMPANIONS = ("-journal", "-wal", "-shm")
_END = ".part"
#: Longest base name that is taken over, in bytes: file systems end at 255.
_LONGEST = 200
_HEX = frozenset("0123456789abcdef")


def part_name(name: str) -> str:
    """A new name for the unfinished form of the file `name`: `.name.PID-RANDOM.part`."""
    base = os.fsdecode(os.fsencode(name)[:_LONGEST])
    return f".{base}.{os.getpid()}-{os.urandom(8).hex()}{_END}"


def part_path(path: str) -> str:
    """A new path for the unfinished form of the file at `path`, in the same folder."""
    return os.path.join(os.path.dirname(path), part_name(os.path.basename(path)))


def writer_of(name: str) -> int | None:
    """The process that was writing the unfinished file `name`, None for a file of any other kind.

    Also the names that earlier versions gave (`queue.db.1234.part`), and a database's companions.
    """
    for ending in COMPANIONS:
        name = name.removesuffix(ending)
    if not name.endswith(_END):
        return None
    number, dash, token = name.removesuffix(_END).rpartition(".")[2].partition("-")
    if dash and not (len(token) == 16 and _HEX.issuperset(token) and name.startswith(".")):
        return None
    return int(number) if number.isascii() and number.isdigit() and len(number) < 20 else None
