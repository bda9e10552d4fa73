"""Timing cold processes in interleaved rounds, with hyperfine or by ourselves.

A round runs every call once, so that whatever else the machine does falls on all of them alike; odd rounds go
backwards, so that no call always runs behind the same neighbour. Medians of many rounds are then comparable with
each other, even on a machine that is not quite quiet.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class Broken(Exception):  # noqa: N818 - it is the thing that is measured that is broken
    """A measured command failed; the text says which and what it printed."""


class Key(NamedTuple):
    """What a row of results is about: a name, and the number of tasks in the store (0: no store)."""

    name: str
    size: int


class Call(NamedTuple):
    """One process to time: the words of its command line and the folder it runs in."""

    key: Key
    words: tuple[str, ...]
    cwd: str
    #: a check may end with 1, which says that it found something
    may_say_no: bool = False

    def went_well(self, code: int) -> bool:
        """Whether the process did its work."""
        return code == 0 or (code == 1 and self.may_say_no)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What measured processes see: nothing of the caller's own settings, git without personal configuration.

    PYTHONDONTWRITEBYTECODE is left out with the rest: tools are measured with their byte code in place.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    author = {"GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "bench@example.org"}
    committer = {"GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "bench@example.org"}
    return {**kept, **git, **author, **committer, **(extra or {})}


def run(words: Iterable[str], cwd: str, env: Mapping[str, str] | None = None, feed: str = "") -> str:
    """Run a command that has to succeed, untimed; its standard output. Raises Broken with what it printed."""
    line = list(words)
    done = subprocess.run(
        line, cwd=cwd, env=environment(env), input=feed, capture_output=True, text=True, check=False, errors="replace"
    )
    if done.returncode:
        raise Broken(f"{shlex.join(line)} (in {cwd}) ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Stopwatch:
    """Times rounds of calls. `program` is the path of hyperfine, "" for the built-in runner."""

    def __init__(self, *, hyperfine: bool, env: Mapping[str, str] | None = None) -> None:
        self.env = environment(env)
        self.program = (shutil.which("hyperfine") or "") if hyperfine else ""

    @property
    def name(self) -> str:
        """The runner as the report calls it."""
        if not self.program:
            return "built-in runner"
        return subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def rounds(self, number: int, warmups: int, calls_of: Callable[[int], list[Call]]) -> dict[Key, list[float]]:
        """Seconds by key, one sample a round, of `number` rounds behind `warmups` that are thrown away.

        `calls_of(n)` gives the calls of round `n` (from 0, warm-ups included), so that each round can have targets
        of its own. Raises Broken when a call fails.
        """
        samples: dict[Key, list[float]] = {}
        for place in range(warmups + number):
            calls = calls_of(place)
            if place % 2:
                calls = calls[::-1]
            for call, seconds in zip(calls, self._round(calls), strict=True):
                if place >= warmups:
                    samples.setdefault(call.key, []).append(seconds)
        return samples

    def _round(self, calls: list[Call]) -> list[float]:
        if not self.program:
            return [self._time(call) for call in calls]
        seconds: list[float] = []
        for cwd, group in groupby(calls, key=lambda call: call.cwd):
            seconds += self._hyperfine(list(group), cwd)
        return seconds

    def _time(self, call: Call) -> float:
        began = time.perf_counter()
        done = subprocess.run(
            call.words,
            cwd=call.cwd,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        seconds = time.perf_counter() - began
        if not call.went_well(done.returncode):
            self._explain(call, done.returncode)
        return seconds

    def _hyperfine(self, calls: list[Call], cwd: str) -> list[float]:
        """One run of each call. Warm-ups are whole rounds, because a command that changes the store runs only once."""
        with tempfile.NamedTemporaryFile(suffix=".json") as output:
            options = ["-N", "--runs", "1", "--ignore-failure", "--style", "none", "--export-json", output.name]
            done = subprocess.run(
                [self.program, *options, *(shlex.join(call.words) for call in calls)],
                cwd=cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise Broken(f"hyperfine ended with {done.returncode}:\n{done.stderr}")
            results = json.load(output)["results"]
        for call, result in zip(calls, results, strict=True):
            if not call.went_well(result["exit_codes"][0]):
                self._explain(call, result["exit_codes"][0])
        return [result["times"][0] for result in results]

    def _explain(self, call: Call, code: int) -> None:
        again = subprocess.run(
            call.words, cwd=call.cwd, env=self.env, capture_output=True, text=True, check=False, errors="replace"
        )
        raise Broken(f"{shlex.join(call.words)} (in {call.cwd}) ended with {code}:\n{again.stdout}{again.stderr}")
