"""Which kind of file system holds a path, from the kernel's table of mounts."""

from __future__ import annotations

import os

_OCTAL = frozenset("01234567")


def filesystem_type(path: str, mounts: str = "/proc/self/mountinfo") -> str:
    """The type of the file system that holds `path` (`ext4`, `nfs4`, `9p`), '' where it cannot be known.

    `mounts` is the table to read, in the format of proc(5) mountinfo.
    """
    wanted = os.path.realpath(path)
    longest, kind = -1, ""
    try:
        with open(mounts, "rb") as file:
            table = os.fsdecode(file.read())
    except OSError:
        return ""
    for line in table.split("\n"):
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = _unescape_octal(fields[4])
        inside = wanted == point or wanted.startswith(point.rstrip("/") + "/")
        # a later mount on the same point hides the earlier one
        if inside and len(point) >= longest:
            longest, kind = len(point), right.split(" ")[0]
    return kind


def _unescape_octal(field: str) -> str:
    r"""A mount point as it is: mountinfo writes blank, tab, newline and backslash as \040, \011, \012, \134."""
    head, *rest = field.split("\\")
    return head + "".join(
        chr(int(part[:3], 8)) + part[3:] if _OCTAL.issuperset(part[:3]) else part for part in rest if part
    )
