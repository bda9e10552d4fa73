"""Guards: what a run of one says, and when a guard that only reports may stand in the way.

A guard is a check that watches a boundary. It starts as one that reports; it becomes blocking once enough runs in a
row were clean, so that it refuses what is wrong and nothing else (`graduation` of its gate).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest, suggest_call
from fairway_scripts.reviews.gates.profile_gates_rules import BLOCKING, MODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.base.settings_shape import Graduation
    from fairway_scripts.reviews.judged_shapes import GuardStanding
    from fairway_scripts.store.rows import GatesRuns

#: How a guard itself ran: whether it would have stopped the build.
GUARD_MODES = ("report_only", "warning", BLOCKING)
#: Results of a guard that did not get to look.
NOT_RUN = ("skipped", "blocked")


def guard_result(findings: int | None, false_positives: int, mode: str, given: str) -> str:
    """The result that a guard's run stands for.

    That is `pass` without real findings, else `fail` of a blocking guard and `partial` of one that only reports.
    `given` (RESULT) may say `skipped` or `blocked` when the guard could not look: `findings` is None then.
    Raises FairwayError `usage` when the numbers and the word do not fit.
    """
    if mode not in GUARD_MODES:
        raise FairwayError(
            "usage",
            f"GUARD_MODE {mode!r} is none of {', '.join(GUARD_MODES)}",
            suggest("record-guard-report", "--help"),
        )
    if findings is None:
        if given in NOT_RUN and not false_positives:
            return given
        raise FairwayError(
            "usage",
            f"FINDINGS is required, unless RESULT is {' or '.join(NOT_RUN)}",
            suggest("record-guard-report", "--help"),
        )
    if false_positives > findings:
        message = f"FALSE_POSITIVES {false_positives} is more than FINDINGS {findings}, of which they are a part"
        raise FairwayError("usage", message, suggest("record-guard-report", "--help"))
    result = "pass" if findings == false_positives else "fail" if mode == BLOCKING else "partial"
    if given and given != result:
        message = f"RESULT {given!r} does not fit {findings} findings with {false_positives} false positives: {result}"
        raise FairwayError("usage", message, suggest("record-guard-report", "--help"))
    return result


def graduation(criteria: Graduation | None, runs: Sequence[GatesRuns], now: str) -> GuardStanding:
    """Whether the runs of a guard, oldest first, allow it to become blocking at the stored time `now`.

    `criteria` is the gate's `graduation` (`clean_runs`, `within`, `max_false_positives`; None when there is none).
    A run is evidence with result, findings_count, false_positives, tree_dirty and created_at. Runs in which the guard
    did not look, and runs on uncommitted changes, say nothing; of the others the latest `clean_runs` must all be
    clean and lie within `within`, with at most `max_false_positives` (0 unless named) in all of them together.
    Returns `{holds, reasons, runs}`, `runs` being the ids of the clean runs in a row, the newest first.
    """
    if criteria is None:
        return {"holds": False, "reasons": ["the gate has no graduation criteria"], "runs": []}
    needed, within = criteria["clean_runs"], criteria.get("within", "")
    telling = [row for row in reversed(runs) if row["result"] not in NOT_RUN and not row["tree_dirty"]]
    since = clock.later(now, -clock.duration(within)) if within else ""
    clean: list[GatesRuns] = []
    reasons = []
    for row in telling[:needed]:
        real = (row["findings_count"] or 0) - (row["false_positives"] or 0)
        if row["result"] != "pass" or real:
            reasons.append(f"evidence {row['id']} has {real} finding{'' if real == 1 else 's'}")
            break
        if row["created_at"] < since:
            break
        clean.append(row)
    if len(clean) < needed:
        span = f" within {within}" if within else ""
        reasons.insert(0, f"{len(clean)} of {needed} clean runs in a row{span}")
    wrong, most = sum(row["false_positives"] or 0 for row in clean), criteria.get("max_false_positives", 0)
    if wrong > most:
        reasons.append(f"{wrong} false positive{'' if wrong == 1 else 's'} in them, at most {most} allowed")
    return {"holds": not reasons, "reasons": reasons, "runs": [row["id"] for row in clean]}


def checked_mode(word: str) -> str:
    """A mode of a gate; raises FairwayError `usage` for any other word."""
    if word not in MODES:
        raise FairwayError("usage", f"MODE {word!r} is none of {', '.join(MODES)}", suggest_call(MODE=None))
    return word
