"""What makes every call of a tool slower than it has to be: stale byte code, a shim before the interpreter."""

from __future__ import annotations

import glob
import importlib.util
import os
import sys
import time

from fairway_scripts.board.orchestrator.findings import NOTE, Finding, finding
from fairway_scripts.programs.startup import start_milliseconds
from fairway_scripts.project import installation

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
#: A shim that costs less is not worth a word.
_SHORT_MILLISECONDS = 1.5
#: Where version managers keep interpreters: a shim puts that folder first on PATH for what it starts.
_VERSIONS = ("versions", "installs")


def startup_findings() -> list[Finding]:
    """The findings `byte_code_stale` and `interpreter_shim`, each with its measured cost a call."""
    return [*_byte_code(), *_shim()]


def _byte_code() -> list[Finding]:
    """Byte code that is missing or older than its source, where no call can write it."""
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


def _shim() -> list[Finding]:
    """A script of a version manager that stands before the interpreter named by the first line of every tool."""
    found = _first_python()
    if not installation.is_checkout() or not _is_script(found):
        return []
    shim, direct = start_milliseconds(found), start_milliseconds(sys.executable)
    if shim is None or direct is None or shim - direct < _SHORT_MILLISECONDS:
        return []
    own = os.path.join(installation.home(), ".venv", "bin")
    message = f"tools that are called by their path start through the shim {found}: {shim - direct:.0f} ms a call"
    return [finding("interpreter_shim", NOTE, message, f"put {own} first in PATH")]


def _first_python() -> str:
    """The `python3` that the shell finds; what a version manager has put before its own shims for us is passed over."""
    for folder in os.get_exec_path():
        path = os.path.join(folder, "python3")
        managed = any(f"{os.sep}{name}{os.sep}" in path for name in _VERSIONS)
        if not managed and os.access(path, os.X_OK):
            return path
    return ""


def _is_script(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False
