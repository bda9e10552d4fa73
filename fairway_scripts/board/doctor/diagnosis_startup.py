"""What makes every call of a tool slower than it has to be: stale byte code."""

from __future__ import annotations

import glob
import importlib.util
import os
import sys
import time

from fairway_scripts.board.orchestrator.findings import NOTE, finding
from fairway_scripts.project import installation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import DoctorFinding

#: What nearly every call loads, relative to the package; the cost of compiling it is told.
_EVERY_CALL = (
    "base/*.py",
    "calls/*.py",
    "catalog/*.py",
    "store/contract.py",
    "store/sqlite/connection.py",
    "project/project.py",
    "work/commands/ready.py",
)


def startup_findings() -> list[DoctorFinding]:
    """The finding `byte_code_stale`, with its measured cost a call: no call can write what is missing or too old."""
    package = os.path.join(installation.home(), "fairway_scripts")
    sources = [path for pattern in _EVERY_CALL for path in glob.glob(os.path.join(package, pattern))]
    stale = [path for path in sources if not _is_compiled(path)]
    if not stale:
        return []
    if sys.dont_write_bytecode:
        why = "PYTHONDONTWRITEBYTECODE is set"
    elif not _may_write(package):
        why = f"{os.path.join(package, '__pycache__')} cannot be written"
    else:
        return []  # the next call that loads them compiles them for good
    message = (
        f"{len(stale)} modules that every call loads are compiled anew each time ({why}): "
        f"{_compile_milliseconds(stale):.0f} ms a call"
    )
    return [finding("byte_code_stale", NOTE, message, f"'{sys.executable}' -m compileall -q '{package}'")]


def _is_compiled(source: str) -> bool:
    """Whether the byte code of a source file is there and from this text of it, as the import system asks."""
    try:
        with open(importlib.util.cache_from_source(source), "rb") as file:
            head = file.read(16)
        status = os.stat(source)
    except (OSError, NotImplementedError):
        return False
    if head[:4] != importlib.util.MAGIC_NUMBER:
        return False
    if int.from_bytes(head[4:8], "little"):  # checked by a hash of the source, or never
        return True
    written = (int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
    return written == (int.from_bytes(head[8:12], "little"), int.from_bytes(head[12:16], "little"))


def _may_write(package: str) -> bool:
    cache = os.path.dirname(importlib.util.cache_from_source(os.path.join(package, "__init__.py")))
    return os.access(cache if os.path.isdir(cache) else package, os.W_OK)


def _compile_milliseconds(sources: list[str]) -> float:
    texts = []
    for path in sources:
        with open(path, "rb") as file:
            texts.append((file.read(), path))
    started = time.perf_counter()
    for text, path in texts:
        compile(text, path, "exec", dont_inherit=True)
    return (time.perf_counter() - started) * 1000
