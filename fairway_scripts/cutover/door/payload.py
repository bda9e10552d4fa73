"""A JSON object that a script reads on its standard input."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def read_payload(keys: Mapping[str, str], text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what an object says under our names, an item of a list each, and what has no place.

    `keys` are {their key: our variable}. What says nothing (null, an empty text or list) needs no place.
    """
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        return [], ["what standard input holds, which is no JSON object"]
    found, lost = [], []
    for key, value in given.items():
        items = value if isinstance(value, list) else [value]
        filled = [item for item in items if item not in (None, "")]
        if any(isinstance(item, (dict, list)) for item in filled) or (filled and key not in keys):
            lost.append(f"{key} of standard input")
        else:
            found += [(keys[key], item if isinstance(item, str) else json.dumps(item)) for item in filled]
    return found, lost


def payload_text(keys: Mapping[str, str], values: Mapping[str, str], lists: Collection[str]) -> str:
    """Return the object that says `values`; the variables in `lists` become lists of their lines."""
    theirs = {name: key for key, name in keys.items()}
    payload: dict[str, object] = {}
    for name, value in values.items():
        items = value.split("\n")
        payload[theirs[name]] = items if name in lists and all(items) else value
    return json.dumps(payload, ensure_ascii=False)
