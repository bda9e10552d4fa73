"""The names that people give settings (`roles.B-ui.lease`) and the values that they type for them."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.formats.toml_lines import key_parts
from fairway_scripts.settings.config_reading import below, place_text
from fairway_scripts.settings.config_schema import BY_PATH, Key

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.formats.toml_lines import Address

#: Kinds whose values a person types as they are, without TOML's quotes.
_PLAIN_TEXT = (
    "text", "choice", "duration", "glob", "regex", "address", "branch", "branch_naming", "naming", "lane_name",
    "queue_source", "service", "schema", "command_template", "line_pattern",
)  # fmt: skip
_LISTS = ("texts", "some_texts", "globs", "globs_or_glob", "results", "pairs")

#: A comma between words, not one inside the braces of a pattern.
_COMMA = re.compile(r",(?![^{]*\})")


def get_value(settings: Settings, dotted_key: str) -> object:
    """The value of one key or section, such as `gates.require_blocked_reason`, `roles.B-ui.lease`, `roles`.

    A member of an array of tables goes by its name, or by its place counted from 1 (`review_routes.3.match`); a
    key with a dot in it is quoted as in TOML. Raises FairwayError `not_found` naming what is known.
    """
    value: object = settings
    for step in address_of(settings, dotted_key):
        value = below(value, step)
    return value


def address_of(settings: Settings, dotted_key: str) -> Address:
    """The address (keys and 0-based indices) that a dotted key names in settings with every key filled.

    Raises FairwayError `usage` when `dotted_key` is no dotted key and `not_found` when nothing has that name.
    """
    try:
        parts = key_parts(dotted_key)
    except ValueError as fault:
        raise FairwayError("usage", str(fault), suggest("fairway-config", "show"), key=dotted_key) from None
    value: object = settings
    address: Address = ()
    for part in parts:
        step = _step(value, part)
        if step is None:
            raise _not_found(dotted_key, place_text(address, settings), part, value)
        address, value = (*address, step), below(value, step)
    return address


def _step(value: object, part: str) -> str | int | None:
    if isinstance(value, dict):
        return part if part in value else None
    if not isinstance(value, list):
        return None
    for at, entry in enumerate(value):
        if isinstance(entry, dict) and entry.get("name") == part:
            return at
    at = int(part) - 1 if part.isascii() and part.isdigit() else -1
    return at if 0 <= at < len(value) else None


def _not_found(dotted_key: str, above: str, part: str, value: object) -> FairwayError:
    if isinstance(value, dict):
        known = list(value)
    elif isinstance(value, list):
        known = [str(entry.get("name", at + 1)) for at, entry in enumerate(value) if isinstance(entry, dict)]
    else:
        known = []
    near = difflib.get_close_matches(part, known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known in {above or 'settings'}: {', '.join(known) or 'nothing'}"
    return FairwayError(
        "not_found", f"no setting {dotted_key}; {advice}", suggest("fairway-config", "show"), key=dotted_key
    )


def key_at(address: Address, dotted_key: str) -> Key:
    """The schema's entry for the key at `address`.

    Raises FairwayError `usage` when the address is that of a whole section or of one entry of a list.
    """
    section = BY_PATH.get(".".join(str(step) for step in address[:-1] if isinstance(step, str)))
    for key in section.keys if section else ():
        if key.name == address[-1] and key.kind != "tables":
            return key
    message = f"{dotted_key} is not one value; name a key inside it, or edit the file"
    raise FairwayError("usage", message, suggest("fairway-config", "get", dotted_key), key=dotted_key)


def typed_value(key: Key, text: str, dotted_key: str) -> object:
    """The typed value that `text` stands for; whether it is allowed is for the validation of the new file.

    Text stands for itself; a list is written `a, b` or as in TOML; numbers and flags are TOML's. Raises FairwayError
    `usage` when `text` is none of these.
    """
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise FairwayError("usage", f"the value for {dotted_key} is not UTF-8", "", key=dotted_key)
    if key.kind in _PLAIN_TEXT:
        return text
    if key.kind in _LISTS and not text.lstrip().startswith("["):
        words = [word.strip() for word in _COMMA.split(text) if word.strip()]
        return text.strip() if key.kind == "globs_or_glob" and len(words) == 1 else words
    try:
        tables = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        tables = {}
    if list(tables) != ["value"]:
        wanted = {"flag": "true or false", "pairs": 'pairs such as [["todo", "in_progress"]]'}
        what = wanted.get(key.kind, "a list" if key.kind in _LISTS else "a whole number")
        message = f"{dotted_key} takes {what}, not {text!r}"
        raise FairwayError("usage", message, suggest("fairway-config", "get", dotted_key), key=dotted_key)
    return tables["value"]
