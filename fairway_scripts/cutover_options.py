"""The make variables of the cut-over from the scripts that were there before."""

from __future__ import annotations

#: make variable -> (metavar, help), as in `variables.VALUES`.
VALUES: dict[str, tuple[str, str]] = {}
SWITCHES: dict[str, str] = {}
