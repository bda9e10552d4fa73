"""What CI systems put before each line of a log: a time, a stream. It is taken off, as colours are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)"
#: In the order in which they are tried: one that says more comes first.
_PREFIXES = (
    # GitLab: the number of the stream, output or error, and a `+` where a line goes on
    re.compile(rf"{_TIME} [0-9A-Fa-f]{{2}}[OE](?:\+| ?)"),
    re.compile(rf"{_TIME} (?:stdout|stderr) [FP] "),  # containers of Kubernetes
    re.compile(rf"\[{_TIME}\] ?"),  # Jenkins (pipelines), Buildkite's download
    re.compile(rf"{_TIME} ?"),  # GitHub's raw log of a job, Azure
    # Jenkins with a date of its own
    re.compile(r"\[?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?: (?:UTC|[+-]\d{4}))?\]? {1,2}"),
    re.compile(r"\[\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\] ?"),
    re.compile(r"\d\d:\d\d:\d\d(?:[.,]\d{1,6})?  "),  # Jenkins (freestyle jobs)
    re.compile(r"\x1b_bk;t=\d{1,20}\x07"),  # Buildkite
)
#: A prefix is the log's when so many of its lines have it: a program that logs times of its own writes other lines too.
_SHARE = 0.8
#: So many lines, evenly over the log, tell which prefix it has.
_ASKED = 400


def without_prefixes(lines: Sequence[str]) -> list[str]:
    """The lines of a log without the prefix that a CI system put before them."""
    found = _prefix_of(lines)
    if found is None:
        return list(lines)
    return [found.sub("", line, count=1) if found.match(line) else line for line in lines]


def _prefix_of(lines: Sequence[str]) -> re.Pattern[str] | None:
    spoken = [line for line in lines if line.strip()]
    asked = spoken[:: len(spoken) // _ASKED + 1]
    return next((prefix for prefix in _PREFIXES if asked and _fitting(prefix, asked) >= _SHARE * len(asked)), None)


def _fitting(prefix: re.Pattern[str], lines: Iterable[str]) -> int:
    return sum(prefix.match(line) is not None for line in lines)
