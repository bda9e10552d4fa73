"""The gates before a task is finished: which evidence and which reviews count."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypedDict

    from fairway_scripts.work.work_shapes import EvidenceVerdict

    class OfCommit(TypedDict):
        """What a record says of the commit that it speaks for."""

        commit_sha: str | None
        tree_dirty: int | None

    class Recorded(OfCommit):
        """What the gate reads of a record of evidence, whatever statement it comes from."""

        id: int
        result: str


ACCEPTED_RESULT = "pass"
#: Results that speak against an earlier pass of the same command.
FAILED_RESULTS = ("fail", "blocked")
APPROVED = "approved"


def evidence_verdict(rows: Sequence[Recorded], commit: str, policy: str) -> EvidenceVerdict:
    """Whether recorded evidence satisfies the evidence gate for `commit` (a full commit id, "" when unknown).

    `rows` are evidence rows (result, commit_sha, tree_dirty, command_text, environment), oldest first; `policy` is
    `gates.stale_evidence`: `accept`, `warn` or `refuse`. The newest record of each command on this very commit is
    looked at first: one that failed outweighs every earlier pass of the same command, and a pass on another commit
    never outweighs it. Returns `{ok, fresh, id, why, against}`: `id` is the row that counts (None without one),
    `against` names the failures on this commit in words, "" without any. A pass on another commit, or on a tree with
    uncommitted changes, is stale.
    """
    failed = _failures(rows, commit)
    against = "; ".join(
        f"evidence {row['id']} says {row['result']} on this commit{_of(row)}" for row in failed.values()
    )
    passed = [
        row
        for row in rows
        if row["result"] == ACCEPTED_RESULT and not (_key(row) in failed and failed[_key(row)]["id"] > row["id"])
    ]
    if not passed:
        why = against or ("no evidence with result pass" if rows else "no evidence")
        return {"ok": False, "fresh": False, "id": None, "why": why, "against": against}
    fresh = [row for row in passed if not staleness(row, commit)]
    if fresh:
        why = f"evidence {fresh[-1]['id']} passed on this commit"
        return {"ok": True, "fresh": True, "id": fresh[-1]["id"], "why": why, "against": against}
    latest = passed[-1]
    why = f"evidence {latest['id']} is stale: {staleness(latest, commit)}"
    if against:
        return {"ok": False, "fresh": False, "id": latest["id"], "why": f"{against}; {why}", "against": against}
    return {"ok": policy != "refuse", "fresh": False, "id": latest["id"], "why": why, "against": ""}


def evidence_doubt(verdict: EvidenceVerdict, policy: str) -> str:
    """What is to be said of an `evidence_verdict`, in the words of every place that says it; "" for nothing.

    `policy` is `gates.stale_evidence`: with `accept` nothing is said of stale evidence. Whether a doubt stands in the
    way is `ok` of the verdict, where the gate is shut.
    """
    why = str(verdict["why"])
    if verdict["id"] is None:
        return why
    if verdict["against"]:
        return f"{why}, but {verdict['against']}" if verdict["ok"] else why
    return "" if verdict["fresh"] or policy == "accept" else f"{why} (gates.stale_evidence: {policy})"


def _failures(rows: Sequence[Recorded], commit: str) -> dict[tuple[str, str], Recorded]:
    """The commands whose newest record on `commit`, without uncommitted changes, says that they failed."""
    in_order = sorted(rows, key=lambda row: int(row["id"]))
    newest = {_key(row): row for row in in_order if commit and row["commit_sha"] == commit and not row["tree_dirty"]}
    return {key: row for key, row in newest.items() if row["result"] in FAILED_RESULTS}


def _key(row: Mapping[str, object]) -> tuple[str, str]:
    """What a record is about: its command, however it is spaced, and the environment it ran in."""
    return " ".join(str(row.get("command_text") or "").split()), str(row.get("environment") or "")


def _of(row: Mapping[str, object]) -> str:
    command, environment = _key(row)
    where = f" on {environment}" if environment else ""
    return f": {command}{where}" if command else where


def staleness(row: OfCommit, commit: str) -> str:
    """Why an evidence row does not speak for `commit`, "" when it does (or there is no commit to speak for)."""
    if row["tree_dirty"]:
        return "it was recorded with uncommitted changes"
    tested = row["commit_sha"]
    if commit and not tested:
        return "it names no commit"
    if commit and tested and tested != commit:
        return f"it was recorded on {tested[:12]}, not on {commit[:12]}"
    return ""
