"""Start git, the one program that a hot command may need, without the cost of importing subprocess."""

from __future__ import annotations

import os
import select

from fairway_scripts.base import caller
from fairway_scripts.base.errors import FairwayError

#: Variables that point git at another repository, index or object store, or change what `git diff` prints; a hook
#: inherits several of them. GIT_CONFIG_COUNT and GIT_CONFIG_PARAMETERS stay, as they do when git itself enters
#: another repository: they carry settings such as safe.directory.
_REDIRECTING = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIFF_OPTS",
    "GIT_DIR",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXTERNAL_DIFF",
    "GIT_GRAFT_FILE",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)

#: LC_ALL: messages in one language. GIT_OPTIONAL_LOCKS: `git status` does not refresh the index, so nothing is
#: written to the repository. GIT_TERMINAL_PROMPT: git never waits for a password. GIT_TRACE: stderr is git's own.
#: GIT_NO_REPLACE_OBJECTS, GIT_GRAFT_FILE (a file that cannot exist): commits and trees are what their ids say, so that
#: neither refs/replace nor info/grafts shows another change, or another history, than the one that is merged.
_FIXED = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_TRACE": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": "/dev/null/none",
}

#: core.fsmonitor may name a program of the repository, which looking at a work tree would start.
_QUIET = ("-c", "core.fsmonitor=false")

_CHUNK = 1 << 16


def run_quick(argv: list[str], cwd: str, feed: bytes = b"") -> tuple[int, bytes, bytes]:
    """Run `git ...` in the directory `cwd` and give `(exit code, stdout, stderr)`.

    `argv` starts with "git"; `feed` is what git reads on stdin. A git killed by a signal gives the negated signal
    number. Raises FairwayError `git_unavailable` when git cannot be started, and ValueError for any other program:
    the directory is handed over as `git -C`, because a spawned process cannot change directory by itself.
    """
    if not argv or argv[0] != "git":
        raise ValueError(f"only git is run this way: {argv!r}")
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    ours = {in_write, out_read, err_read}
    try:
        try:
            child = _spawn(["git", *_QUIET, "-C", cwd, *argv[1:]], in_read, out_write, err_write)
        finally:
            for fd in (in_read, out_write, err_write):
                os.close(fd)
        try:
            out, err = _converse(ours, in_write, feed, out_read, err_read)
        finally:
            # also when interrupted: a child whose pipes are closed ends, and must not stay behind as a zombie
            _close_all(ours)
            status = os.waitpid(child, 0)[1]
        return os.waitstatus_to_exitcode(status), out, err
    finally:
        _close_all(ours)


def git_environment() -> dict[str, str]:
    """The environment that git runs in: ours, without what would point it elsewhere, and fixed to plain output."""
    kept = {name: value for name, value in caller.environment().items() if name not in _REDIRECTING}
    return {**kept, **_FIXED}


def _spawn(argv: list[str], stdin: int, stdout: int, stderr: int) -> int:
    actions = [
        (os.POSIX_SPAWN_DUP2, stdin, 0),
        (os.POSIX_SPAWN_DUP2, stdout, 1),
        (os.POSIX_SPAWN_DUP2, stderr, 2),
    ]
    try:
        return os.posix_spawnp(argv[0], argv, git_environment(), file_actions=actions)
    except OSError as problem:
        raise FairwayError(
            "git_unavailable",
            f"git cannot be started: {problem.strerror}",
            "install git, or put it on PATH",
        ) from problem


def _converse(ours: set[int], stdin: int, feed: bytes, stdout: int, stderr: int) -> tuple[bytes, bytes]:
    """Feed one pipe and drain two at once, so that neither side can wait for the other for ever."""
    heard: dict[int, list[bytes]] = {stdout: [], stderr: []}
    waiting = memoryview(feed)
    poll = select.poll()
    for fd in heard:
        poll.register(fd, select.POLLIN)
    if waiting:
        os.set_blocking(stdin, False)
        poll.register(stdin, select.POLLOUT)
    else:
        _close(ours, stdin)
    while ours:
        for fd, _ in poll.poll():
            if fd == stdin:
                waiting = waiting[_write(fd, waiting) :]
                finished = not waiting
            else:
                chunk = os.read(fd, _CHUNK)
                heard[fd].append(chunk)
                finished = not chunk
            if finished:
                poll.unregister(fd)
                _close(ours, fd)
    return b"".join(heard[stdout]), b"".join(heard[stderr])


def _write(fd: int, data: memoryview) -> int:
    """How many bytes are dealt with; all of them when the reader has gone away and wants no more."""
    try:
        return os.write(fd, data[:_CHUNK])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(data)


def _close(ours: set[int], fd: int) -> None:
    ours.discard(fd)
    os.close(fd)


def _close_all(ours: set[int]) -> None:
    for fd in tuple(ours):
        _close(ours, fd)
