"""The make variables of utilities, review shapes, gates and trusted runs."""

from __future__ import annotations

#: make variable -> (metavar, help), as in `variables.VALUES`.
VALUES: dict[str, tuple[str, str]] = {}
SWITCHES: dict[str, str] = {}
