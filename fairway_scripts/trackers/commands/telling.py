"""What the tools of trackers have in common: opening trackers, and telling findings."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.calls.answer import shown
from fairway_scripts.trackers.opening import service_of, trackers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fairway_scripts.calls.tool_calls import TimedCall
    from fairway_scripts.project.project import Project
    from fairway_scripts.trackers.services.service import Service


@contextlib.contextmanager
def services(project: Project, args: TimedCall) -> Iterator[Callable[[str], Service]]:
    """Gives the tracker of a name, opened when it is first asked for; all are closed at the end."""
    known = trackers(project)
    opened: dict[str, Service] = {}

    def service(name: str) -> Service:
        if name not in opened:
            if name not in known:
                line = suggest("fairway-config", "show")
                raise FairwayError("not_found", f"the configuration has no tracker {name!r} any more", line)
            opened[name] = service_of(known[name], args)
        return opened[name]

    try:
        yield service
    finally:
        for each in opened.values():
            each.wire.close()


def finding_lines(findings: list[dict[str, str]]) -> list[str]:
    """A line a finding, with the line that mends it where there is one."""
    lines = []
    for row in findings:
        about = row["task_id"] or "-"
        lines.append(f"finding  {row['word']}  {about}  {shown(row['issue'])}  {shown(row['message'])}")
        lines += [f"  fix: {row['fix']}"] if row["fix"] else []
    return lines


def refuse_findings(findings: list[dict[str, str]]) -> None:
    """Raise FairwayError `tracker_findings` when there are any: what is not known is no pass."""
    if findings:
        words = ", ".join(dict.fromkeys(row["word"] for row in findings))
        raise FairwayError("tracker_findings", f"{len(findings)} finding(s): {words}", findings[0]["fix"])
