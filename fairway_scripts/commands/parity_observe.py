"""parity-observe."""

from __future__ import annotations

import difflib
import shlex
from typing import TYPE_CHECKING, Any

from fairway_scripts.errors import OK, FairwayError
from fairway_scripts.operations.kept_cases import replay
from fairway_scripts.operations.observing import observe
from fairway_scripts.operations.project import open_project
from fairway_scripts.options import SWITCHES, VALUES, VARIABLE_ALIASES
from fairway_scripts.render.answer import answer, pairs, say_all

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Variables that tools read besides the make variables.
_ALSO = ("AGENT_ROLE", "AGENT_QUEUE_DB", "AGENT_QUEUE_FILE")


def run(args: Any) -> int:
    """Compare the calls that wait, or with `--replay` one kept call once more."""
    known = {*VALUES, *SWITCHES, *(other for others in VARIABLE_ALIASES.values() for other in others), *_ALSO}
    project = open_project(args, sync=False)
    if args.replay:
        return _replay(args, replay(project, args.replay, known))
    found = observe(project, args.call, known)
    say_all(project.notes)
    lines = [f"{len(found['observed'])} observed, {found['left']} left"]
    for row in found["observed"]:
        who = " ".join(filter(None, (row["role"], row["operation"], row["task_id"])))
        lines.append(f"{row['verdict']}: {who} ({row['call_id']})")
        lines += _differences(row["differences"])
    answer(args, found, lines)
    return OK


def _replay(args: Any, found: dict[str, Any]) -> int:
    """Print both sides of a case and where they differ; exit 1 when they do."""
    command = shlex.join(found["command"])
    lines = [f"{found['operation']} differs" if found["differences"] else f"{found['operation']} agrees now"]
    lines += [*pairs(found, "call_id", "role", "task_id"), f"command: {command}", *_differences(found["differences"])]
    lines += ["", *_diff(found["legacy"], found["own"])]
    answer(args, found, lines)
    if found["differences"]:
        fields = ", ".join(row["field"] for row in found["differences"])
        raise FairwayError(
            "parity_mismatch",
            f"the two sides still differ in {fields}",
            "mend it, or explain it in compat/differences.toml",
        )
    return OK


def _differences(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [f"  {row['field']}: legacy {_told(row['legacy'])}, own {_told(row['own'])}" for row in rows]


def _told(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(" ".join(entry) if isinstance(entry, list) else str(entry) for entry in value) or "nothing"
    return "nothing" if value in (None, "") else str(value)


def _diff(legacy: dict[str, Any], own: dict[str, Any]) -> list[str]:
    """What both printed, as a unified diff of standard output and standard error."""
    lines: list[str] = []
    for name in ("out", "err"):
        before, after = legacy[name].splitlines(), own[name].splitlines()
        lines += difflib.unified_diff(before, after, f"legacy {name}", f"own {name}", lineterm="")
    return lines
