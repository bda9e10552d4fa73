"""A CI packet as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.calls.artifact import cell, code_block, markdown_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.formats.excerpt_shapes import Block
    from fairway_scripts.utilities.ci.ci_shapes import FailedJob, FirstFailing, Packet, ShownJob, ShownRun

_RUN_COLUMNS = (
    *(("name", "run"), ("id", "id"), ("ref", "ref"), ("commit", "commit"), ("status", "status")),
    *(("reported", "reported"), ("took", "took"), ("adapter", "read as")),
)
_JOB_COLUMNS = (
    *(("run", "run"), ("stage", "stage"), ("name", "job"), ("status", "status"), ("reported", "reported")),
    *(("took", "took"), ("failing_step", "failing step"), ("tests_text", "tests")),
)


def packet_lines(packet: Packet) -> list[str]:
    """The lines of a packet of `ci_packet_rules.compose`."""
    lines = [f"# CI Packet: {packet['outcome']}", "", *_summary(packet)]
    lines += _runs(packet["runs"])
    for failure in packet["failures"]:
        lines += _failure(failure)
    if packet["unrouted_paths"]:
        lines += ["", "## Files Without An Owner Route", "", *(f"- `{path}`" for path in packet["unrouted_paths"])]
    if packet["findings"]:
        lines += ["", "## Findings", ""]
        lines += [f"- {row['code']}: {cell(row['place'])}: {cell(row['message'])}" for row in packet["findings"]]
    lines += ["", "## Next Steps", ""]
    for step in packet["next_steps"]:
        lines += [f"- {cell(step['what'])}:", "", *(f"  {line}" for line in code_block(step["command"], "sh")), ""]
    lines += ["## Documents", ""]
    columns = (("name", "document"), ("adapter", "read as"), ("bytes", "bytes"), ("sha256", "sha256"))
    return lines + markdown_table(packet["documents"], columns)


def _summary(packet: Packet) -> list[str]:
    first = packet["first_failing"]
    rows = [("At", packet["at"]), ("Runs", _counted(packet["counts"]["runs"]))]
    rows += [("Jobs", _counted(packet["counts"]["jobs"])), ("Tests", _counted(packet["counts"]["tests"]))]
    if first["run"]:
        rows.append(("First failing", _where(first)))
        rows.append(("Failure class", f"{packet['failure_class']}: {packet['means']}"))
        rows.append(("Rule", f"{packet['rule']}: {packet['matched']}" if packet["rule"] else ""))
        named = "; ".join(f"{lane['lane']} ({', '.join(lane['rules'])})" for lane in packet["lanes"])
        rows.append(("Suspected lanes", named or "none: no failing path has an owner route"))
    if packet["findings"]:
        rows.append(("Findings", str(len(packet["findings"]))))
    return [f"- {name}: {cell(text)}" for name, text in rows if text]


def _counted(counts: Mapping[str, object]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)


def _where(first: FirstFailing) -> str:
    return " > ".join(
        text for text in (first["run"], first["stage"], first["job"], first["step"], first["test"]) if text
    )


def _runs(runs: list[ShownRun]) -> list[str]:
    rows = [{**run, "commit": run["commit"][:12], "took": clock.took(run["duration_seconds"])} for run in runs]
    lines = ["", "## Runs", "", *markdown_table(rows, _RUN_COLUMNS)]
    jobs = [_job(job, run["name"]) for run in runs for job in run["jobs"]]
    if jobs:
        columns = [entry for entry in _JOB_COLUMNS if any(job.get(entry[0]) for job in jobs)]
        lines += ["", "## Jobs", "", *markdown_table(jobs, columns)]
    return lines


def _job(job: ShownJob, run: str) -> dict[str, object]:
    allowed = job["allow_failure"] and job["status"] == "failed"
    return {
        **job,
        "run": run,
        "took": clock.took(job["duration_seconds"]),
        "tests_text": _counted(job["tests"] or {}),
        "status": job["status"] + (" (allowed)" if allowed else ""),
    }


def _failure(failure: FailedJob) -> list[str]:
    title = " > ".join(cell(text) for text in (failure["job"], failure["step"]) if text)
    lines = ["", f"## Failed: {title or cell(failure['run'])}", ""]
    rule = f" (rule {failure['rule']}: {failure['matched']})" if failure["rule"] else ""
    lines.append(f"- class: {failure['failure_class']}{cell(rule) if rule else ''}")
    lines += [f"- url: {failure['url']}"] if failure["url"] else []
    for test in failure["failing_tests"] if len(failure["failing_tests"]) > 1 else []:
        by = f" (rule {test['rule']})" if test["rule"] else ""
        lines.append(f"- test {cell(test['title'])}: {test['failure_class']}{by}")
    for lane in failure["lanes"]:
        lines.append(f"- lane {cell(lane['lane'])}, by {cell(lane['rules'])}")
    for file in failure["files"]:
        line = f":{file['line']}" if file["line"] else ""
        lines.append(f"- names `{file['path']}{line}`: {file['lane'] or 'no owner route'}")
    for block in failure["excerpts"]:
        lines += _block(block)
    if failure["tests_left_out"]:
        lines += ["", f"{failure['tests_left_out']} more failing tests are not shown."]
    if failure["lines_left_out"]:
        lines += ["", f"{failure['lines_left_out']} more failing lines of the log are not shown (ci.most_lines)."]
    return lines


def _block(block: Block) -> list[str]:
    about = ": ".join(cell(text) for text in (block["title"] or block["source"], block["note"]) if text)
    if not block["lines"]:
        return ["", f"{about} (it says nothing)"]
    width = len(str(block["lines"][-1]["number"]))
    shown = [
        f"{'>' if line['failing'] else ' '} {line['number']:>{width}} | {line['text']}".rstrip()
        for line in block["lines"]
    ]
    return ["", f"{about}:", "", *code_block("\n".join(shown), "text")]
