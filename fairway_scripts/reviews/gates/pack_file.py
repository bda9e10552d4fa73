"""The catalogue of regression packs: YAML or JSON in, packs and every fault with its line out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.base.regular_files import regular
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.formats.text_tree import TextList, TextMap
from fairway_scripts.formats.yaml_events import read_yaml
from fairway_scripts.queue.files.task_fields import described
from fairway_scripts.reviews.gates.packs_rules import FIELDS, LISTS, TEXTS, catalogue_faults

if TYPE_CHECKING:
    from fairway_scripts.formats.text_tree import Node
    from fairway_scripts.reviews.gates.pack_shapes import Blocking, Pack

_MAX_BYTES = 8 * 1024 * 1024
#: Top-level fields of a catalogue; the file says them for people, nothing here depends on them.
_HEADER = ("packs", "version", "updated_at")
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


class PackFile(NamedTuple):
    """A catalogue read.

    `path` is the name that faults show. Each pack is a dict of id, title, owner, lowest_reliable_layer (texts), the
    lists of `packs_rules.LISTS`, `blocking` (`{default, per_environment}`), `line`, `lines` (of its fields) and
    `broken` (fields whose value was no good). `faults` are sorted by line.
    """

    path: str
    packs: list[Pack]
    faults: list[Fault]

    @property
    def errors(self) -> list[Fault]:
        """The faults that make the catalogue unfit."""
        return [fault for fault in self.faults if fault.severity == ERROR]


def read_pack_file(path: str, display: str = "", lanes: list[str] | None = None) -> PackFile:
    """Read and check a catalogue; a name that ends in `.json` is JSON, any other YAML.

    `display` is the name that faults show (default: `path`), `lanes` the lanes that may own a pack. What is wrong
    inside is a `Fault` of the result. Raises FairwayError `not_found`, `file_unavailable`.
    """
    shown = display or path
    try:
        with open(path, "rb", opener=regular) as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise FairwayError(
            "not_found",
            f"no catalogue of regression packs at {shown}",
            "name the file as CATALOG, or as regression_packs.catalog in .fairway/config.toml",
            path=os.path.abspath(path),
        ) from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise FairwayError(
            "file_unavailable", f"cannot read {shown}: {reason}", suggest_program("ls", "-l", shown), path=path
        ) from problem
    if len(data) > _MAX_BYTES:
        what = f"the file has more than {_MAX_BYTES} bytes"
        return PackFile(shown, [], [Fault(shown, 0, "", "", ERROR, "too_large", what)])
    return read_pack_text(data, shown, lanes or [])


def read_pack_text(data: bytes, path: str, lanes: list[str]) -> PackFile:
    """Read and check the bytes of a catalogue; `path` is its name in faults and, by `.json`, decides the format."""
    reading = read_json(data, path) if path.endswith(".json") else read_yaml(data, path)
    contents = _Contents(path, reading.faults)
    if reading.value is not None or not reading.faults:
        contents.top(reading.value)
    faults = [*contents.faults, *catalogue_faults(contents.packs, path, lanes)]
    faults.sort(key=lambda fault: fault.line)
    return PackFile(path, contents.packs, faults)


class _About(NamedTuple):
    """Where a pack and its fields stand, and the fields whose value was no good."""

    line: int
    lines: dict[str, int]
    broken: list[str]


class _Contents:
    """The packs of one document."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = list(faults)
        self.packs: list[Pack] = []
        self.json = path.endswith(".json")

    def top(self, value: Node) -> None:
        """Take the document: a mapping with `packs`."""
        if type(value) is not TextMap:
            found = "is empty" if value is None else f"is {described(value)}"
            self._fault(
                0 if value is None else 1, "", "", "wrong_shape", f"the file {found}, not a mapping with `packs:`"
            )
            return
        for key in value:
            if key not in _HEADER:
                self._fault(value.lines[key], "", key, "unknown_field", "is no field of a catalogue", WARNING)
        items = value.get("packs")
        if "packs" not in value:
            self._fault(value.line, "", "packs", "no_packs", "the file has no `packs:` list; add one (`packs: []`)")
        elif type(items) is TextList:
            for position, item in enumerate(items):
                self._item(item, items.lines[position], position)
        elif items is not None:
            line = value.lines["packs"]
            self._fault(line, "", "packs", "wrong_shape", f"expected a list of packs, found {described(items)}")

    def _item(self, item: Node, line: int, position: int) -> None:
        if type(item) is not TextMap:
            message = f"pack {position + 1} is {described(item)}, not a mapping of fields"
            self._fault(line, "", "packs", "not_a_pack", message)
            return
        given = item.get("id")
        name = given.strip() if isinstance(given, str) else ""
        about = _About(line, dict(item.lines), [])
        for field in item:
            if field not in FIELDS:
                self._fault(item.lines[field], name, field, "unknown_field", "is no field of a pack", WARNING)
        texts = {field: self._text(about, item, field, name) for field in TEXTS}
        lists = {field: self._list(about, item, field, name) for field in LISTS}
        blocking = self._blocking(about, item, name)
        self.packs.append(
            {
                "id": texts["id"],
                "title": texts["title"],
                "owner": texts["owner"],
                "lowest_reliable_layer": texts["lowest_reliable_layer"],
                "blocking": blocking,
                "target_environments": lists["target_environments"],
                "required_seed_data": lists["required_seed_data"],
                "required_proof": lists["required_proof"],
                "artifact_requirements": lists["artifact_requirements"],
                "current_automation": lists["current_automation"],
                "gaps": lists["gaps"],
                "paths": lists["paths"],
                "line": line,
                "lines": about.lines,
                "broken": about.broken,
            }
        )

    def _text(self, about: _About, item: TextMap, field: str, name: str) -> str:
        value = item.get(field)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        self._broken(about, field, name, f"must be text, found {described(value)}")
        return ""

    def _list(self, about: _About, item: TextMap, field: str, name: str) -> list[str]:
        value = item.get(field)
        if value is None:
            return []
        if type(value) is not TextList:
            self._broken(about, field, name, f"must be a list of texts, found {described(value)}")
            return []
        kept = []
        for position, entry in enumerate(value):
            if isinstance(entry, str) and entry.strip():
                kept.append(entry.strip())
            else:
                found = "nothing" if not entry else described(entry)
                hint = "; quote an entry that holds `: `" if type(entry) is TextMap else ""
                self._broken(
                    about, field, name, f"entry {position + 1} must be text, found {found}{hint}", value.lines[position]
                )
        return kept

    def _blocking(self, about: _About, item: TextMap, name: str) -> Blocking:
        """`blocking` in its two forms; the default of a mapping is true when any of its values is."""
        value = item.get("blocking")
        if value is None:
            return {"default": False, "per_environment": {}}
        if type(value) is TextMap:
            places = {}
            for place, word in value.items():
                said = self._truth(word, plain=place in value.plain)
                if said is None:
                    message = f"{place} must be true or false, found {_found(word)}"
                    self._broken(about, "blocking", name, message, value.lines[place])
                else:
                    places[place] = said
            return {"default": any(places.values()), "per_environment": places}
        said = self._truth(value, plain="blocking" in item.plain)
        if said is None:
            message = f"must be true, false or a mapping of environments to true or false, found {_found(value)}"
            self._broken(about, "blocking", name, message)
        return {"default": bool(said), "per_environment": {}}

    def _truth(self, word: Node, *, plain: bool) -> bool | None:
        """A truth value that is written without quotes, None for anything else."""
        if not isinstance(word, str) or not (plain or self.json):
            return None
        if word.lower() in _TRUE:
            return True
        return False if word.lower() in _FALSE else None

    def _broken(self, about: _About, field: str, name: str, message: str, line: int = 0) -> None:
        about.broken.append(field)
        self._fault(line or about.lines[field], name, field, "wrong_type", message)

    def _fault(self, line: int, pack_id: str, field: str, code: str, message: str, severity: str = ERROR) -> None:
        self.faults.append(Fault(self.path, line, pack_id, field, severity, code, message))


def _found(word: Node) -> str:
    return f"the text {word!r}" if isinstance(word, str) else described(word)
