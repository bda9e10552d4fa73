"""What a key and a section of the config file are."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """One key. `kind` names the check in `config_values.KINDS`; `REQUIRED` as default means it must be written."""

    name: str
    kind: str
    help: str
    default: object = None
    choices: tuple[str, ...] = ()


class Section(NamedTuple):
    """One table, or one array of tables when `repeated`; `path` is dotted, such as `workstream_profiles.gates`."""

    path: str
    help: str
    keys: tuple[Key, ...]
    repeated: bool = False


REQUIRED = object()


def repeated(path: str, about: str, *keys: Key) -> Section:
    """An array of tables."""
    return Section(path, about, keys, repeated=True)
