"""The lines to type next after a CI packet: what can be done, with the commands, and no word on what should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest_in_document, suggest_program
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.utilities.ci.ci_runs import FAILED, PASSED, UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.utilities.ci.ci_shapes import FirstFailing, Judged, NextStep


def next_steps(packet: Judged, asked: Mapping[str, object]) -> list[NextStep]:
    """The steps that the packet `packet` allows, each `{what, command}`; commands are complete but for ids.

    `asked` are the variables of the call that the packet is made by.
    """
    if packet["outcome"] in UNDECIDED:
        return [
            _step(
                "look again until it is decided",
                suggest_in_document("ci-packet", COMMAND=None, WATCH=True, TIMEOUT="20m"),
            )
        ]
    line = suggest_in_document("ci-packet", **asked, ATTACH_TO=None)
    record = _step("record this packet as evidence of a task", line)
    if packet["outcome"] == PASSED:
        return [record]
    if packet["outcome"] != FAILED:
        return [record, *_reruns(packet)]
    steps = [record]
    title = _title(packet["first_failing"])
    for lane in [suspect["lane"] for suspect in packet["lanes"]] or [""]:
        line = suggest_in_document("queue-spawn", TASK_ID=None, TITLE=title, FROM_TASK=None, TO_ROLE=lane or None)
        steps.append(_step(f"a task for {lane or 'the lane that owns it'}", line))
    packet_line = suggest_in_document("bugfix-packet", TASK_ID=None, DRAFT=True)
    steps.append(_step("the packet of the fix, once it is made", packet_line))
    steps += _reruns(packet)
    if not packet["rule"]:
        steps.append(
            _step(
                "a rule that names this failure: [[ci.failure_rules]]",
                suggest_in_document("fairway-config", "validate"),
            )
        )
    return steps


def _reruns(packet: Judged) -> list[NextStep]:
    """How to run again what did not pass, where the CI is known."""
    steps = []
    for run in packet["runs"]:
        if run["status"] == PASSED or not run["id"]:
            continue
        if run["adapter"] == "github":
            steps.append(_step(f"run {run['id']} again", suggest_program("gh", "run", "rerun", run["id"], "--failed")))
            steps.append(_step("its log", f"gh run view {quoted(run['id'])} --log-failed > failed.log"))
        elif run["adapter"] == "gitlab":
            for job in run["jobs"]:
                if job["status"] == FAILED and not job["allow_failure"] and job["id"]:
                    steps.append(_step(f"run {job['name']} again", suggest_program("glab", "ci", "retry", job["id"])))
                    steps.append(_step(f"the log of {job['name']}", f"glab ci trace {quoted(job['id'])} > job.log"))
    return steps


def _title(first: FirstFailing) -> str:
    where = " > ".join(text for text in (first["job"], first["step"], first["test"]) if text) or first["run"]
    return f"CI fails: {where}"[:120]


def _step(what: str, command: str) -> NextStep:
    return {"what": what, "command": command}
