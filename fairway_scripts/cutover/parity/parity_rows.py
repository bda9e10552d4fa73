"""The rows of a parity run: what was compared with what, and what it came to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest_program
from fairway_scripts.cutover.parity.parity_facts import compare_case
from fairway_scripts.cutover.parity.parity_report import sort_differences, unused_entries
from fairway_scripts.cutover.parity.parity_rules import MATCH, MISMATCH, operation_of

if TYPE_CHECKING:
    from fairway_scripts.base.errors import Hint
    from fairway_scripts.calls.tool_calls import ParityReportRun
    from fairway_scripts.cutover.parity.parity_facts import Outcome
    from fairway_scripts.cutover.parity.parity_runbook import Step
    from fairway_scripts.cutover.parity.parity_shapes import Compared, Difference, Explanation, Facts, RunRow
    from fairway_scripts.cutover.parity.parity_text import Context

EXPLAINED, NOT_COMPARED = "explained", "not compared"
VERDICTS = (MATCH, EXPLAINED, MISMATCH, NOT_COMPARED)
IMPORT = "import"


class Rows:
    """The rows so far.

    Of a row, `source` is what our side was compared with, `legacy` and `own` are the facts, `raw` names files below
    `raw/`, `repeat` is the command that does the row once more.
    """

    def __init__(self, call: ParityReportRun, explained: list[Explanation], today: str) -> None:
        self.call = call
        self.explained = explained
        self.today = today
        self.rows: list[RunRow] = []
        self._used: list[Explanation] = []

    def wants_any(self, *names: str) -> bool:
        """Tell whether one of these rows is asked for; without `--only` all are. A story is also named by its own."""
        only = self.call.only
        return not only or any(_is_of(name, wanted) for name in names for wanted in only)

    def add(
        self, step: Step, source: str, differing: list[Difference], legacy: Facts, own: Facts, *, raw: str = ""
    ) -> str:
        """Note what a step came to; return its verdict."""
        compared: Compared = {
            "operation": operation_of(step.tool),
            "role": step.role,
            "differences": differing,
            "verdict": MISMATCH if differing else MATCH,
        }
        explained, unexplained = sort_differences(compared, self.explained, self.today)
        entries = [entry for _difference, entry in explained]
        self._used += entries
        verdict = MATCH if not differing else MISMATCH if unexplained else EXPLAINED
        row = self._row(step, verdict, raw)
        row |= {"source": source, "differences": differing, "legacy": legacy, "own": own}
        row["explained_by"] = [f"{entry['place']}: {entry['reason']} ({entry['owner']})" for entry in entries]
        self._keep(row, step, raw)
        return verdict

    def compare(self, step: Step, source: str, legacy: Outcome, own: Outcome, context: Context) -> str:
        """Compare what a step came to on both sides and note it; return the verdict."""
        differing, theirs, ours = compare_case(operation_of(step.tool), legacy, own, context)
        return MATCH if step.quiet and not differing else self.add(step, source, differing, theirs, ours)

    def leave(self, step: Step, why: str) -> None:
        """Note that a step was not compared, and why."""
        self._keep({**self._row(step, NOT_COMPARED, ""), "why": why}, step, "")

    def _row(self, step: Step, verdict: str, raw: str) -> RunRow:
        """Return the row of a step without what it came to."""
        return {
            "id": step.id,
            "operation": operation_of(step.tool),
            "role": step.role,
            "task_id": step.task_id,
            "source": "",
            "verdict": verdict,
            "why": "",
            "differences": [],
            "explained_by": [],
            "legacy": {},
            "own": {},
            "raw": [] if verdict == NOT_COMPARED else self._raw(raw or step.id),
            "repeat": self.repeat(step.id),
        }

    def _keep(self, row: RunRow, step: Step, raw: str) -> None:
        """Add a row that is asked for."""
        if not self.call.only or self.wants_any(step.id, raw or step.id):
            self.rows.append(row)

    def _raw(self, name: str) -> list[str]:
        from fairway_scripts.cutover.parity.parity_sides import stream_name

        folder = os.path.join(self.call.out, "raw")
        names = [f"{stream_name(name)}.{side}.{end}" for side in ("legacy", "own") for end in ("out", "err")]
        return [name for name in names if os.path.exists(os.path.join(folder, name))]

    def repeat(self, name: str) -> Hint:
        """Return the command that does a row once more, into a folder of its own beside the results."""
        call = self.call
        words = ["parity-report", "run", "--repo", call.repo, "--only", name, "--out", f"{call.out}-again"]
        for flag, value in (("legacy-cmd", call.legacy_cmd), ("cases", call.cases), ("routes", call.routes)):
            words += [f"--{flag}", value] if value else []
        words += ["--legacy-db", call.legacy_db] if call.legacy_db else []
        words += ["--allow-remote"] if call.allow_remote else []
        return suggest_program(*words)

    def why_no_legacy(self, step: Step) -> str:
        """Return why a step is not compared in a run without the older command."""
        operation = operation_of(step.tool)
        cases = [row for row in self.rows if row["operation"] == operation and row["id"].startswith("case:")]
        same = [row["id"] for row in cases if step.role in ("", row["role"])]
        if same:
            return f"no --legacy-cmd was given; captures that come close: {', '.join(same)}"
        return "no capture says what the older scripts do here, and no --legacy-cmd was given"

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each verdict."""
        return {verdict: sum(row["verdict"] == verdict for row in self.rows) for verdict in VERDICTS}

    def unused(self) -> list[str]:
        """List the entries of explained differences that explained nothing here."""
        return [entry["place"] for entry in unused_entries(self.explained, self._used)]


def _is_of(name: str, wanted: str) -> bool:
    return (
        name == wanted or name.startswith((f"{wanted}.", f"{wanted}:")) or wanted.startswith((f"{name}.", f"{name}:"))
    )
