"""The make variables of utilities, review shapes, gates and trusted runs."""

from __future__ import annotations

#: make variable -> (metavar, help), as in `variables.VALUES`.
VALUES: dict[str, tuple[str, str]] = {
    "ATTACH_TO": ("TASK_ID", "also record the artifact as evidence of this task, with its path, size and sha256"),
    "AT": ("WHEN", "the time that the artifact names; nothing names one otherwise"),
}
SWITCHES: dict[str, str] = {}
