"""The make variables of the cut-over from the scripts that were there before."""

from __future__ import annotations

#: make variable -> (metavar, help), as in `variables.VALUES`.
VALUES: dict[str, tuple[str, str]] = {
    "LEGACY_DB": ("FILE", "the database of the scripts that were there before, which is only read"),
    "ENGINE": ("WORD", "who answers the lane: legacy (the older scripts), shadow (they, and we compare) or fairway"),
    "REPLAY": ("ID", "a kept call in which the sides differed: do it once more and show both"),
}
SWITCHES: dict[str, str] = {
    "WRITE": "write what the old database seems to hold into compat/profile.toml, and take nothing in",
    "DELIVER": "write back now what the legacy side is owed, also what waits after a failure",
}
