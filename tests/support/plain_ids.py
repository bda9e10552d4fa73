"""Goldens of texts that name commits: each id becomes a name by its first appearance."""

from __future__ import annotations

import re

_ID = re.compile(r"\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b")


def plain_ids(text: str) -> str:
    """The text with `<commit 1>`, `<commit 2>`... for full and short commit ids, in the order in which they appear."""
    names: dict[str, str] = {}
    return _ID.sub(lambda found: names.setdefault(found[0][:12], f"<commit {len(names) + 1}>"), text)
