"""Real git repositories for tests: small, quick to make, and the same on every machine.

Paths go in and come out as text, absolute and without symbolic links, as the package itself handles them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable

import pytest

#: The moment of every commit unless a test names another: commits made alike get the same id everywhere.
COMMIT_TIME = "2026-05-04T08:00:00Z"
MAIN_BRANCH = "master"
GPUAAS_LANES = ("A-backend", "B-ui", "C-ops", "D-arch", "E-governance")

#: Who commits in tests, and no settings of the user: set once for the whole run, see `tests.support.world`.
FIXED_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Test Author",
    "GIT_AUTHOR_EMAIL": "author@example.org",
    "GIT_COMMITTER_NAME": "Test Committer",
    "GIT_COMMITTER_EMAIL": "committer@example.org",
}
#: All that a child inherits of the variables of a test run: programs, folders, language, and a shifted clock or zone.
HANDED_DOWN = (
    "PGSERVICEFILE",  # a server of the tests' own
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "TZ",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
)


#: A commit of a test looks for nothing to tidy: that is a process more, and a third of its time.
_UNTIDIED = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "maintenance.auto", "GIT_CONFIG_VALUE_0": "false"}


def git(directory: str, *arguments: str | bytes, feed: bytes | None = None, at: str = COMMIT_TIME) -> str:
    """Run git in `directory` and give its stdout without the last newline; a failure shows what git said."""
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    done = subprocess.run(
        ["git", "-C", directory, *arguments],
        check=False,
        input=feed,
        stdin=subprocess.DEVNULL if feed is None else None,
        capture_output=True,
        env={**os.environ, **FIXED_GIT, **_UNTIDIED, **dates},
    )
    if done.returncode:
        raise AssertionError(f"git {arguments!r} in {directory}: {os.fsdecode(done.stderr)}")
    return os.fsdecode(done.stdout).removesuffix("\n")


def make_repository(parent: str | os.PathLike[str], name: str = "gpuaas", branch: str = MAIN_BRANCH) -> str:
    """A new repository `parent/name` with one commit (a README) on `branch`; gives the path of the checkout."""
    path = os.path.join(os.path.realpath(parent), name)
    os.makedirs(path)
    git(path, "init", "--quiet", "--template=", f"--initial-branch={branch}")
    commit_file(path, "README.md", f"# {name}\n", "start")
    return path


def add_lane_worktrees(repository: str, lanes: Iterable[str] = GPUAAS_LANES, prefix: str = "gpuas-") -> dict[str, str]:
    """A worktree beside the checkout for each lane, on its own branch `agent/<lane>`; gives lane -> path."""
    paths = {}
    for lane in lanes:
        paths[lane] = os.path.join(os.path.dirname(repository), f"{prefix}{lane}")
        git(repository, "worktree", "add", "--quiet", "-b", f"agent/{lane}", paths[lane])
    return paths


def write_file(worktree: str, path: str | bytes, text: str | bytes) -> None:
    """Write a file below `worktree`, making its folders; a path in bytes need not be UTF-8."""
    target = os.path.join(os.fsencode(worktree), os.fsencode(path))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)


def commit_file(
    worktree: str, path: str | bytes, text: str | bytes, message: str = "change", *, at: str = COMMIT_TIME
) -> str:
    """Write and commit one file; gives the full id of the new commit."""
    write_file(worktree, path, text)
    git(worktree, "add", "--", path)
    git(worktree, "commit", "--quiet", "--no-verify", "-m", message, at=at)
    return head(worktree)


def commit_many(repository: str, branch: str, messages: Iterable[str]) -> list[str]:
    """Many empty commits on top of `branch` in one process, oldest first; gives their ids. Moves no work tree."""
    parent = git(repository, "rev-parse", branch)
    author = "Test Author <author@example.org> 1777881600 +0000"
    stream = [f"reset refs/heads/{branch}\nfrom {parent}\n\n"]
    marks = 0
    for marks, message in enumerate(messages, start=1):
        stream.append(f"commit refs/heads/{branch}\nmark :{marks}\ncommitter {author}\n")
        stream.append(f"data {len(message.encode())}\n{message}\n")
    asked = "".join(f"get-mark :{mark}\n" for mark in range(1, marks + 1))
    answer = git(repository, "fast-import", "--quiet", "--force", feed=("".join(stream) + asked).encode())
    return answer.split()


def head(worktree: str) -> str:
    """The full id of the commit checked out in `worktree`."""
    return git(worktree, "rev-parse", "HEAD")


def count_git_calls(monkeypatch: pytest.MonkeyPatch, directory: str | os.PathLike[str]) -> str:
    """Put a `git` first on PATH that notes each call and then runs the real one; gives the path of the notes.

    One line of the notes is one process: its arguments, separated by blanks.
    """
    folder = os.path.join(os.fspath(directory), "counting-git")
    notes = os.path.join(folder, "calls")
    os.makedirs(folder)
    real = subprocess.run(["which", "git"], check=True, capture_output=True, text=True).stdout.strip()
    wrapper = os.path.join(folder, "git")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{notes}'\nexec '{real}' \"$@\"\n")
    os.chmod(wrapper, 0o755)
    open(notes, "w", encoding="utf-8").close()
    monkeypatch.setenv("PATH", folder + os.pathsep + os.environ["PATH"])
    return notes


def git_calls(notes: str) -> list[str]:
    """The calls noted so far by the git of `count_git_calls`."""
    with open(notes, encoding="utf-8") as file:
        return file.read().splitlines()
