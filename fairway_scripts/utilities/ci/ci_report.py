"""A report of a build in any of the known forms: what it is taken for, and the runs in it."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.calls.utility_options import CI_FORMS
from fairway_scripts.formats.foreign_text import decode_foreign
from fairway_scripts.formats.input_file import COMMAND, refuse_faults
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.utilities.ci.ci_junit import JUNIT, found_oddities, read_junit_run
from fairway_scripts.utilities.ci.ci_log import ADAPTER as LOG
from fairway_scripts.utilities.ci.ci_log import read_log, read_log_run
from fairway_scripts.utilities.ci.ci_tap import TAP, is_tap_line, read_tap
from fairway_scripts.utilities.json_fields import Fields

if TYPE_CHECKING:
    from fairway_scripts.formats.input_file import Document
    from fairway_scripts.utilities.ci.ci_runs import Form
    from fairway_scripts.utilities.ci.ci_shapes import Run

AUTO = "auto"
#: adapter -> how a JSON value is known for that form, and read
_JSON: dict[str, Form] = {
    name: import_module(f"{__package__}.ci_{name}").FORM for name in CI_FORMS if name not in (AUTO, JUNIT, TAP, LOG)
}
_XML_START = re.compile(r"^[ \t]*<(?:\?xml |testsuites?[ >])", re.MULTILINE)
_JSON_START = re.compile(r'\s*(?:\{|\[\s*(?:[\[\]{"]|$))')


def read_report(document: Document, adapter: str, exit_code: int | None) -> list[Run]:
    """The runs of a document, read by `adapter`, or with `auto` as what it can only be; each run names its adapter.

    `exit_code` is that of the command which wrote a plain log. Raises FairwayError: `invalid_document` with every
    fault, also when a document could be several things; `usage` for a log without an exit code.
    """
    path, source = document.path, document.name
    adapter, value, odd = _recognised(document, adapter)
    faults: list[Fault] = []
    if adapter in _JSON:
        fields = Fields(path, foreign=adapter != "generic")
        found = _JSON[adapter].read(value, fields, source)
        faults = fields.faults
        oddities = found_oddities([*odd, *faults], source)
        for run in found[:1]:
            run["findings"] = [*oddities, *run["findings"]]
    elif adapter == JUNIT:
        found, faults = read_junit_run(document.data, path, source)
    elif adapter == TAP:
        found, faults = read_tap(document.data, path, source)
    else:
        found, faults = _log_runs(document, exit_code)
    refuse_faults(path, faults)
    if not found:
        _refuse(document, "nothing_there", "the document holds no run", 1)
    return found


def _log_runs(document: Document, exit_code: int | None) -> tuple[list[Run], list[Fault]]:
    log, faults = read_log(document.data, document.path, document.name)
    if exit_code is None and not faults:
        raise FairwayError(
            "usage",
            f"{document.path} is taken for a plain log, which does not say how its command ended",
            suggest(
                "ci-packet",
                *_named(document),
                *(("--adapter", "log") if document.origin == COMMAND else ("--exit-code", "1")),
            ),
        )
    return ([] if faults else [read_log_run(log, exit_code or 0)]), faults


def _recognised(document: Document, adapter: str) -> tuple[str, object, list[Fault]]:
    """(the adapter, the JSON value for those that read JSON, what was odd about its text).

    What a document is follows from how it begins, never from whether its bytes are good. Raises FairwayError
    `invalid_document`, also for a document that is not what the call says.
    """
    text, _odd = decode_foreign(document.data, document.path)
    if adapter == AUTO:
        if not text.strip():
            _refuse(document, "empty", "the document is empty")
        if text.lstrip().startswith("<"):
            return JUNIT, None, []
        if not _JSON_START.match(text):
            return _text_form(document, text), None, []
    elif adapter not in _JSON:
        return adapter, None, []
    reading = read_json(document.data, document.path, foreign=True)
    refuse_faults(document.path, reading.faults)
    fitting = [name for name, form in _JSON.items() if form.is_it(reading.value)]
    if adapter == AUTO and len(fitting) != 1:
        _ambiguous(document, fitting or list(_JSON), "none" if not fitting else "several")
    if adapter != AUTO and not _JSON[adapter].says(reading.value):
        what = f"is no report of the adapter {adapter}" + (f", but one of {fitting[0]}" if fitting else "")
        _refuse(document, "wrong_shape", what, 1)
    return fitting[0] if adapter == AUTO else adapter, reading.value, reading.faults


def _text_form(document: Document, text: str) -> str:
    """TAP or a log; a text that begins as something else and goes on as TAP or JUnit is refused."""
    lines = [line for line in text.splitlines() if line.strip()]
    spoken = [line for line in lines if not line.startswith("#")]
    in_subtest = bool(lines) and lines[0].startswith("# Subtest: ")
    if spoken and is_tap_line(spoken[0].lstrip() if in_subtest else spoken[0]):
        return TAP
    at = next((number for number, line in enumerate(text.splitlines(), 1) if is_tap_line(line)), 0)
    if at:
        _ambiguous(document, [TAP, LOG], f"TAP begins at line {at}, after something else", at)
    if xml := _XML_START.search(text):
        at = text.count("\n", 0, xml.start()) + 1
        _ambiguous(document, [JUNIT, LOG], f"XML begins at line {at}, after something else", at)
    return LOG


def _ambiguous(document: Document, names: list[str], why: str, line: int = 1) -> None:
    if why == "none":
        message = f"fits no form that is known ({', '.join(names)})"
        hint = "get it in one of the forms of docs/ci-packet.md: gh run view ID --json status,conclusion,jobs ..."
    else:
        message = (
            f"{'fits several forms' if why == 'several' else why} ({', '.join(names)}): name the one that is meant"
        )
        hint = suggest("ci-packet", *_named(document), ADAPTER=names[0])
    refuse_faults(document.path, [Fault(document.path, line, "", "", ERROR, "ambiguous", message)], hint)


def _named(document: Document) -> list[str]:
    """A document as the command line names it."""
    return ["--command", document.given] if document.origin == COMMAND else [document.given]


def _refuse(document: Document, code: str, message: str, line: int = 0) -> None:
    refuse_faults(document.path, [Fault(document.path, line, "", "", ERROR, code, message)])
