"""The hand-kept catalogue of flows: what has to be seen where, who owns it, and what people saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
    from fairway_scripts.utilities.uat.uat_shapes import Catalogue, Flow, Manual, Place

_TOP = ("version", "updated_at", "environments", "browsers", "projects", "flows")
_FLOW = (*("id", "title", "lane", "paths", "tasks", "regression_packs", "environments", "browsers", "tests", "manual"),)
_MANUAL = ("environment", "browser", "result", "by", "date", "note")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_flows(document: Document) -> Catalogue:
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
    found: Catalogue = {"environments": [], "browsers": [], "projects": {}, "flows": []}
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
        self.environments: list[str] = []
        self.browsers: list[str] = []
        self.first: dict[str, int] = {}

    def read(self) -> Catalogue:
        """Everything in the document."""
        fields, top = self.fields, self.top
        fields.known(top, "", _TOP)
        self.environments, self.browsers = (self._names(top, key, "") for key in ("environments", "browsers"))
        projects = self._projects()
        flows = [self._flow(node, at) for node, at in fields.rows(top, "flows", "")]
        if not flows and not fields.faults:
            fields.fault(top, "flows", "", "nothing_there", "names no flow")
        environments = [*self.environments, *(name for flow in flows for name in flow["environments"])]
        browsers = [*self.browsers, *(name for flow in flows for name in flow["browsers"])]
        return {
            "environments": list(dict.fromkeys(environments)),
            "browsers": list(dict.fromkeys(browsers)),
            "projects": projects,
            "flows": flows,
        }

    def _names(self, node: TextMap, key: str, at: str) -> list[str]:
        """A list of names, each once."""
        names = [name.strip() for name in self.fields.texts(node, key, at)]
        if any(not name or not name.isprintable() for name in names):
            self.fields.fault(node, key, at, "bad_name", "has an entry that is empty or more than one line")
        return list(dict.fromkeys(name for name in names if name))

    def _projects(self) -> dict[str, Place]:
        found: dict[str, Place] = {}
        inner = self.fields.inner(self.top, "projects", "")
        for name in inner or ():
            node = self.fields.inner(inner or self.top, name, "projects")
            if node is not None:
                at = f"projects.{name}"
                self.fields.known(node, at, ("environment", "browser"))
                environment, browser = (self.fields.text(node, key, at).strip() for key in ("environment", "browser"))
                found[name] = {"environment": environment, "browser": browser}
        return found

    def _flow(self, node: TextMap, at: str) -> Flow:
        fields = self.fields
        fields.known(node, at, _FLOW)
        flow: Flow = {
            "id": fields.text(node, "id", at).strip(),
            "title": fields.text(node, "title", at).strip(),
            "lane": fields.text(node, "lane", at).strip(),
            "paths": self._names(node, "paths", at),
            "tasks": self._names(node, "tasks", at),
            "regression_packs": self._names(node, "regression_packs", at),
            "environments": self._names(node, "environments", at) if "environments" in node else self.environments,
            "browsers": self._names(node, "browsers", at) if "browsers" in node else self.browsers,
            "tests": self._names(node, "tests", at),
            "manual": [],
        }
        self._check_id(node, at, flow["id"])
        for key, names in (("environments", flow["environments"]), ("browsers", flow["browsers"])):
            if not names:
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

    def _manual(self, node: TextMap, at: str) -> Manual:
        """What a person saw: who and when are needed, and the words are those of a test."""
        fields = self.fields
        fields.known(node, at, _MANUAL)
        row: Manual = {
            "environment": fields.text(node, "environment", at, required=True).strip(),
            "browser": fields.text(node, "browser", at, required=True).strip(),
            "by": fields.text(node, "by", at, required=True).strip(),
            "date": fields.text(node, "date", at, required=True).strip(),
            "note": fields.text(node, "note", at).strip(),
            "result": fields.word(node, "result", at, {word: word for word in OUTCOMES})[1],
        }
        if row["date"]:
            try:
                clock.moment(row["date"])
            except ValueError:
                what = f"is {row['date']!r}, which is no day or time such as 2026-11-20"
                fields.fault(node, "date", at, "bad_date", what)
        return row
