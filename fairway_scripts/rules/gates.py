"""The gates before a task is finished: which evidence and which reviews count."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ACCEPTED_RESULT = "pass"
APPROVED = "approved"


def evidence_verdict(rows: list[dict[str, Any]], commit: str, policy: str) -> dict[str, Any]:
    """Whether recorded evidence satisfies the evidence gate for `commit` (a full commit id, "" when unknown).

    `rows` are evidence rows (result, commit_sha, tree_dirty), oldest first; `policy` is `gates.stale_evidence`:
    `accept`, `warn` or `refuse`. Returns `{ok, fresh, id, why}`: `id` is the row that counts (None without one).
    A pass on another commit, or on a tree with uncommitted changes, is stale.
    """
    passed = [row for row in rows if row["result"] == ACCEPTED_RESULT]
    if not passed:
        why = "no evidence with result pass" if rows else "no evidence"
        return {"ok": False, "fresh": False, "id": None, "why": why}
    fresh = [row for row in passed if not staleness(row, commit)]
    if fresh:
        return {
            "ok": True,
            "fresh": True,
            "id": fresh[-1]["id"],
            "why": f"evidence {fresh[-1]['id']} passed on this commit",
        }
    latest = passed[-1]
    why = f"evidence {latest['id']} is stale: {staleness(latest, commit)}"
    return {"ok": policy != "refuse", "fresh": False, "id": latest["id"], "why": why}


def staleness(row: dict[str, Any], commit: str) -> str:
    """Why an evidence row does not speak for `commit`, "" when it does (or nothing can be compared)."""
    if row["tree_dirty"]:
        return "it was recorded with uncommitted changes"
    if commit and row["commit_sha"] and row["commit_sha"] != commit:
        return f"it was recorded on {row['commit_sha'][:12]}, not on {commit[:12]}"
    return ""


def latest_verdicts(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The latest review of each reviewing lane; `rows` are review rows, oldest first."""
    return {row["reviewer_role"]: row for row in rows}
