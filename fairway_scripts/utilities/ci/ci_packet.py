"""Making a CI packet: from documents, a log, or a command that is watched."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import clock, digest
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.formats.input_file import STANDARD_INPUT, Document, read_document, refuse_faults
from fairway_scripts.project.opening import locate
from fairway_scripts.project.settings_in_force import settings_from_file
from fairway_scripts.utilities.ci import ci_runs
from fairway_scripts.utilities.ci.ci_gitlab import with_jobs
from fairway_scripts.utilities.ci.ci_log import ADAPTER as LOG_ADAPTER
from fairway_scripts.utilities.ci.ci_log import Log, read_log, read_log_run
from fairway_scripts.utilities.ci.ci_packet_rules import compose
from fairway_scripts.utilities.ci.ci_report import AUTO, read_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.calls.tool_calls import CiPacket, DeployPacket
    from fairway_scripts.utilities.ci.ci_observing import Seen
    from fairway_scripts.utilities.ci.ci_shapes import Packet, Run
    from fairway_scripts.utilities.utility_shapes import ReadDocument


class Call(NamedTuple):
    """What a call asks for, checked. `seconds` and `interval` are None when they were not given."""

    documents: list[str]
    log: str
    adapter: str
    exit_code: int | None
    command: str
    watch: bool
    seconds: float | None
    interval: float | None
    at: str


class Observed(NamedTuple):
    """A packet (None when nothing was seen) and how the observation of a command ended ("" without one)."""

    packet: Packet | None
    ended: str
    why: str


def ci_packet(args: CiPacket, call: Call, changed: Callable[[str], None]) -> Observed:
    """The packet of a call; `changed` hears every new state while a command is watched.

    Raises FairwayError: `invalid_document`, `not_found`, `file_unavailable`, `usage`, `invalid_config`,
    `watch_failed` (the command gave no report).
    """
    settings = settings_here(args)
    log, extra = _read_log(call)
    if not call.command:
        documents = [read_document(path) for path in call.documents]
        runs = [run for document in documents for run in read_report(document, call.adapter, call.exit_code)]
        return Observed(_packet(call, settings, runs, documents, log, extra), "", "")
    seen = _observe(call, settings, changed)
    if seen.document is None:
        return Observed(None, seen.ended, seen.why)
    return Observed(_packet(call, settings, seen.runs, [seen.document], log, extra), seen.ended, seen.why)


def settings_here(args: CiPacket | DeployPacket) -> Settings:
    """The settings of the project around, without opening its store; the defaults where there is no project.

    Raises FairwayError `not_found` (a configuration file that was named), `invalid_config`.
    """
    project = locate(args)
    return settings_from_file(project) if project.config.path else settings_of.default_settings([])


def _observe(call: Call, settings: Settings, changed: Callable[[str], None]) -> Seen:
    from fairway_scripts.utilities.ci.ci_observing import Plan, observe

    watchers = settings["watchers"]
    plan = Plan(
        call.command,
        call.seconds or clock.duration(watchers["timeout"]),
        clock.duration(watchers["end_grace"]),
        (call.interval or 30.0) if call.watch else None,
        call.adapter == LOG_ADAPTER,
    )

    def read(document: Document, exit_code: int) -> list[Run]:
        # what a command prints is a log only when the call says so: a page for people is none
        return read_report(document, call.adapter, exit_code if call.adapter == LOG_ADAPTER else None)

    return observe(plan, read, changed if call.watch else lambda _state: None)


def _read_log(call: Call) -> tuple[Log, list[Document]]:
    """The log of the call, an empty one without, and its document. Raises FairwayError."""
    if call.documents.count(STANDARD_INPUT) + (call.log == STANDARD_INPUT) > 1:
        raise FairwayError("usage", "standard input can be read once only", suggest("ci-packet", "--help"))
    if not call.log:
        return Log("", [], []), []
    document = read_document(call.log)
    log, faults = read_log(document.data, document.path, document.name)
    refuse_faults(document.path, faults)
    return log, [document]


def _packet(
    call: Call, settings: Settings, runs: list[Run], documents: list[Document], log: Log, extra: list[Document]
) -> Packet:
    """Compose, with what is known of the documents themselves."""
    if call.exit_code is not None and not call.command and not any(run["adapter"] == LOG_ADAPTER for run in runs):
        runs = [*runs, _exit_run(call.exit_code, log, alone=not runs)]
    lines = [] if not documents and runs else log.lines
    found = [] if not documents and runs else log.findings
    adapters = {run["source"]: run["adapter"] for run in runs}
    packet = compose(with_jobs(runs), lines, log.source, settings, asked=_asked(call), findings=found)
    read: list[ReadDocument] = [
        {
            "name": document.name,
            "adapter": adapters.get(document.name, LOG_ADAPTER),
            "bytes": len(document.data),
            "sha256": digest.of_bytes(document.data),
        }
        for document in [*documents, *extra]
    ]
    return {**packet, "documents": read, "at": call.at}


def _asked(call: Call) -> dict[str, object]:
    """The variables of the call with the names of its files alone, so that they say nothing of a machine."""
    return {
        "DOCUMENT": [os.path.basename(path) for path in call.documents] or "",
        "COMMAND": call.command,
        "LOG": os.path.basename(call.log) if call.log else "",
        "EXIT_CODE": "" if call.exit_code is None else str(call.exit_code),
        "ADAPTER": "" if call.adapter == AUTO else call.adapter,
    }


def _exit_run(exit_code: int, log: Log, *, alone: bool) -> Run:
    """The run that an exit code stands for: with the log when there is nothing else, else by itself."""
    if alone:
        return read_log_run(log if log.source else Log(ci_runs.EXIT, [], []), exit_code)
    status = ci_runs.PASSED if exit_code == 0 else ci_runs.FAILED
    reported = f"exit code {exit_code}"
    return ci_runs.run_row(LOG_ADAPTER, ci_runs.EXIT, name=ci_runs.EXIT, status=status, reported=reported)
