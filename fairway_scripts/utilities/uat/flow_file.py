"""The hand-kept catalogue of flows: what has to be seen where, who owns it, and what people saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.base import clock
from fairway_scripts.base.patterns.globs import glob_fault
from fairway_scripts.formats.input_file import refuse_faults
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.formats.text_tree import TextMap
from fairway_scripts.formats.yaml_events import read_yaml
from fairway_scripts.queue.files.task_fields import described
from fairway_scripts.utilities.json_fields import Fields
from fairway_scripts.utilities.uat.uat_results import BETWEEN, OUTCOMES

if TYPE_CHECKING:
    from fairway_scripts.formats.input_file import Document

    Row = dict[str, Any]

_TOP = ("version", "updated_at", "environments", "browsers", "projects", "flows")
_FLOW = (*("id", "title", "lane", "paths", "tasks", "regression_packs", "environments", "browsers", "tests", "manual"),)
_LISTS = ("paths", "tasks", "regression_packs", "environments", "browsers", "tests")
_MANUAL = ("environment", "browser", "result", "by", "date", "note")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_flows(document: Document) -> Row:
    """The catalogue: `{environments, browsers, projects, flows}` in the order of the document.

    Each of `flows` has id, title, lane, the lists paths, tasks, regression_packs, environments, browsers (those of the
    catalogue where it says none itself), tests, and manual (environment, browser, result, by, date, note). `browsers`
    and `environments` are all that are named anywhere, those at the top first. `projects` is the name of a project of
    the test runner -> `{environment, browser}`. Raises FairwayError `invalid_document` with every fault.
    """
    fields = Fields(document.path)
    as_json = document.data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    as_json = as_json and not document.name.endswith((".yaml", ".yml"))
    reading = read_json(document.data, document.path) if as_json else read_yaml(document.data, document.path)
    fields.faults += reading.faults
    found: Row = {"environments": [], "browsers": [], "projects": {}, "flows": []}
    if isinstance(reading.value, TextMap):
        found = _Catalogue(fields, reading.value).read()
    elif not reading.faults:
        fields.add(1, "", "wrong_shape", f"the document is {described(reading.value)}, not a mapping with `flows`")
    refuse_faults(document.path, sorted(fields.faults, key=lambda fault: fault.line))
    return found


class _Catalogue:
    """The flows of one document."""

    def __init__(self, fields: Fields, top: TextMap) -> None:
        self.fields = fields
        self.top = top
        self.places: dict[str, list[str]] = {}
        self.first: dict[str, int] = {}

    def read(self) -> Row:
        """Everything in the document."""
        fields, top = self.fields, self.top
        fields.known(top, "", _TOP)
        self.places = {key: self._names(top, key, "") for key in ("environments", "browsers")}
        projects = self._projects()
        flows = [self._flow(node, at) for node, at in fields.rows(top, "flows", "")]
        if not flows and not fields.faults:
            fields.fault(top, "flows", "", "nothing_there", "names no flow")
        named = {key: [name for flow in flows for name in flow[key]] for key in self.places}
        return {
            **{key: list(dict.fromkeys([*self.places[key], *named[key]])) for key in self.places},
            "projects": projects,
            "flows": flows,
        }

    def _names(self, node: TextMap, key: str, at: str) -> list[str]:
        """A list of names, each once."""
        names = [name.strip() for name in self.fields.texts(node, key, at)]
        if any(not name or not name.isprintable() for name in names):
            self.fields.fault(node, key, at, "bad_name", "has an entry that is empty or more than one line")
        return list(dict.fromkeys(name for name in names if name))

    def _projects(self) -> Row:
        found: Row = {}
        inner = self.fields.inner(self.top, "projects", "")
        for name in inner or ():
            node = self.fields.inner(inner or self.top, name, "projects")
            if node is not None:
                at = f"projects.{name}"
                self.fields.known(node, at, ("environment", "browser"))
                found[name] = {key: self.fields.text(node, key, at).strip() for key in ("environment", "browser")}
        return found

    def _flow(self, node: TextMap, at: str) -> Row:
        fields = self.fields
        fields.known(node, at, _FLOW)
        flow: Row = {key: fields.text(node, key, at).strip() for key in ("id", "title", "lane")}
        flow |= {key: self._names(node, key, at) for key in _LISTS}
        self._check_id(node, at, flow["id"])
        for key, default in self.places.items():
            if key not in node:
                flow[key] = default
            if not flow[key]:
                fields.fault(node, key, at, "nothing_there", f"expects no {key}: name them here or at the top")
        for pattern in flow["tests"]:
            wrong = glob_fault(pattern.partition(BETWEEN)[0])
            if wrong:
                fields.fault(node, "tests", at, "bad_pattern", f"the pattern {pattern!r} {wrong}")
        flow["manual"] = [self._manual(entry, place) for entry, place in fields.rows(node, "manual", at)]
        return flow

    def _check_id(self, node: TextMap, at: str, name: str) -> None:
        if not _ID.fullmatch(name):
            what = f"is {name!r}; an id is of letters, digits, . _ -" if name else "is missing"
            self.fields.fault(node, "id", at, "bad_id" if name else "missing", what)
        elif name in self.first:
            self.fields.fault(
                node, "id", at, "duplicate_id", f"is already the id of the flow at line {self.first[name]}"
            )
        self.first.setdefault(name, node.line)

    def _manual(self, node: TextMap, at: str) -> Row:
        """What a person saw: who and when are needed, and the words are those of a test."""
        fields = self.fields
        fields.known(node, at, _MANUAL)
        row = {key: fields.text(node, key, at, required=key != "note").strip() for key in _MANUAL if key != "result"}
        row["result"] = fields.word(node, "result", at, {word: word for word in OUTCOMES})[1]
        if row["date"]:
            try:
                clock.moment(row["date"])
            except ValueError:
                what = f"is {row['date']!r}, which is no day or time such as 2026-11-20"
                fields.fault(node, "date", at, "bad_date", what)
        return row
