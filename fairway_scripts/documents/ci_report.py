"""A report of a build in any of the known forms: what it is taken for, and the runs in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.documents import ci_generic, ci_github, ci_gitlab
from fairway_scripts.documents.ci_log import ADAPTER as LOG
from fairway_scripts.documents.ci_log import read_log, read_log_run
from fairway_scripts.documents.ci_tests import JUNIT, TAP, is_tap_line, read_junit_run, read_tap
from fairway_scripts.documents.input_file import COMMAND, refuse_faults
from fairway_scripts.documents.json_fields import Fields
from fairway_scripts.documents.json_text import read_json
from fairway_scripts.documents.text_tree import decode
from fairway_scripts.errors import FairwayError
from fairway_scripts.rules.faults import ERROR, Fault
from fairway_scripts.rules.shell_words import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.documents.input_file import Document

    Row = dict[str, Any]

AUTO = "auto"
ADAPTERS = (AUTO, JUNIT, ci_github.ADAPTER, ci_gitlab.ADAPTER, TAP, ci_generic.ADAPTER, LOG)
_JSON: dict[str, tuple[Callable[[Any], bool], Callable[[Any, Fields, str], list[Row]]]] = {
    ci_github.ADAPTER: (ci_github.is_github, ci_github.read_github),
    ci_gitlab.ADAPTER: (ci_gitlab.is_gitlab, ci_gitlab.read_gitlab),
    ci_generic.ADAPTER: (ci_generic.is_generic, ci_generic.read_generic),
}
_JSON_START = re.compile(r'\s*(?:\{|\[\s*(?:[\[\]{"]|$))')


def read_report(document: Document, adapter: str, exit_code: int | None) -> list[Row]:
    """The runs of a document, read by `adapter`, or with `auto` as what it can only be; each run names its adapter.

    `exit_code` is that of the command which wrote a plain log. Raises FairwayError: `invalid_document` with every
    fault, also when a document could be several things; `usage` for a log without an exit code.
    """
    path, source = document.path, document.name
    value: Any = None
    if adapter in (AUTO, *_JSON):
        adapter, value = _recognised(document, adapter)
    faults: list[Fault] = []
    if adapter in _JSON:
        fields = Fields(path)
        found = _JSON[adapter][1](value, fields, source)
        faults = fields.faults
    elif adapter == JUNIT:
        found, faults = read_junit_run(document.data, path, source)
    elif adapter == TAP:
        found, faults = read_tap(document.data, path, source)
    else:
        found, faults = _log_runs(document, exit_code)
    if not found and not faults:
        faults = [Fault(path, 1, "", "", ERROR, "nothing_there", "the document holds no run")]
    refuse_faults(path, faults)
    return found


def _log_runs(document: Document, exit_code: int | None) -> tuple[list[Row], list[Fault]]:
    log, faults = read_log(document.data, document.path, document.name)
    if exit_code is None and not faults:
        raise FairwayError(
            "usage",
            f"{document.path} is taken for a plain log, which does not say how its command ended",
            f"ci-packet {_named(document)} {'--adapter log' if document.origin == COMMAND else '--exit-code 1'}",
        )
    return ([] if faults else [read_log_run(log, exit_code or 0)]), faults


def _recognised(document: Document, adapter: str) -> tuple[str, Any]:
    """(the adapter, the JSON value for those that read JSON); raises FairwayError `invalid_document`."""
    text, faults = decode(document.data, document.path)
    if adapter == AUTO and not faults:
        if not text.strip():
            _refuse(document, "empty", "the document is empty")
        if text.lstrip().startswith("<"):
            return JUNIT, None
        if not _JSON_START.match(text):
            return _text_form(document, text), None
    elif faults and adapter == AUTO and not _JSON_START.match(document.data[:200].decode("utf-8", "replace")):
        return LOG, None  # programs write such bytes into logs; no other form may hold them
    refuse_faults(document.path, faults)
    reading = read_json(text, document.path)
    refuse_faults(document.path, reading.faults)
    if adapter != AUTO:
        return adapter, reading.value
    fitting = [name for name, (fits, _read) in _JSON.items() if fits(reading.value)]
    if len(fitting) != 1:
        _ambiguous(document, fitting or list(_JSON), "none" if not fitting else "several")
    return fitting[0], reading.value


def _text_form(document: Document, text: str) -> str:
    """TAP or a log; a text that begins as something else and goes on as TAP is refused."""
    lines = [line for line in text.splitlines() if line.strip()]
    spoken = [line for line in lines if not line.startswith("#")]
    if spoken and is_tap_line(spoken[0]):
        return TAP
    at = next((number for number, line in enumerate(text.splitlines(), 1) if is_tap_line(line)), 0)
    if at:
        _ambiguous(document, [TAP, LOG], f"TAP begins at line {at}, after something else", at)
    return LOG


def _ambiguous(document: Document, names: list[str], why: str, line: int = 1) -> None:
    forms = {"none": "fits no form that is known", "several": "fits several forms"}
    message = f"{forms.get(why, why)} ({', '.join(names)}): name the one that is meant"
    fault = Fault(document.path, line, "", "", ERROR, "ambiguous", message)
    refuse_faults(document.path, [fault], f"ci-packet {_named(document)} --adapter {names[0]}")


def _named(document: Document) -> str:
    """A document as the command line names it."""
    return f"--command {quoted(document.given)}" if document.origin == COMMAND else quoted(document.given)


def _refuse(document: Document, code: str, message: str) -> None:
    refuse_faults(document.path, [Fault(document.path, 0, "", "", ERROR, code, message)])
