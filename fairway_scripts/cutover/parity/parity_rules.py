"""When the scripts from before and this suite have done the same: what is compared, after which normalising.

Both sides are reduced to *facts* (`parity_facts.facts`): how the call ended, and for each operation what counts of
it. A fact that could not be read on a side is `unread` there, which equals nothing. Texts are compared after
`NORMALISER` and nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.cutover.parity.parity_shapes import Difference, Fact, Facts

MATCH, MISMATCH, UNCLEAR, INTERRUPTED = VERDICTS = ("match", "mismatch", "unclear", "interrupted")

#: The operations that every lane lives on: it is not moved before each of them was compared.
CORE = (
    *("ready", "claim", "set-status", "record-evidence", "record-handoff", "route-review", "record-review"),
    "merge-ready",
)
#: operation -> the facts that are compared besides `exit`.
COMPARED: dict[str, tuple[str, ...]] = {
    "ready": ("ready",),
    "claim": ("state", "records"),
    "set-status": ("state", "records"),
    "record-evidence": ("state", "records"),
    "record-handoff": ("state", "records"),
    "record-review": ("state", "records"),
    "route-review": ("reviewers",),
    "merge-ready": ("missing",),
    "validate": ("named",),
    "git-check": ("named",),
    "prune-stale": (),
    "task-detail": ("status",),
    "preflight": (),
    "status-report": (),
    "timing-report": (),
    "health-report": (),
    "orchestrator-tick": ("next",),
    "orchestrator-status": (),
    "orchestrator-preflight": (),
    "context-packet": ("fields",),
    "watcher-packet": ("fields",),
    "bugfix-packet": ("fields",),
    "regression-packs": (),
}
#: The states of a task are compared column by column.
STATE = ("status", "owner", "branch", "commit", "completed")
#: Facts of which our side may say more than the other, never less.
_COVERED = ("fields", "shape")
#: The value of a fact that could not be read from what a side said or left.
UNREAD = "unread"
#: The field of a call whose words could not all be translated: nothing it came to says anything.
CALL = "call"


class Rule(NamedTuple):
    """One normalising rule: what is looked for, what stands there afterwards, and why it may differ."""

    name: str
    pattern: re.Pattern[str]
    replacement: str
    reason: str


#: The declared normaliser; the paths of the checkouts are given by the call.
NORMALISER = (
    Rule(
        "clock",
        re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?(?![\w:])"),
        "<time>",
        "the two sides look at the clock at different moments, and write times differently",
    ),
    Rule(
        "ids",
        re.compile(r"\b(?=[0-9a-f]*\d)([0-9a-f]{7})[0-9a-f]{0,33}\b"),
        r"\1",
        "one side keeps a commit as it was typed, the other its full id",
    ),
)
PATHS_REASON = "one side names a file from the root of the file system, the other from the checkout"


def operation_of(tool: str) -> str:
    """Return the name of an operation: the tool's, without `queue-`."""
    return tool.removeprefix("queue-")


def normalise(text: str, roots: Iterable[str] = ()) -> str:
    """`text` after the declared normaliser; `roots` are the absolute paths of the checkouts (rule `paths`)."""
    for root in sorted(roots, key=len, reverse=True):
        text = re.sub(re.escape(root.rstrip("/")) + r"(?:/|(?![\w.-]))", "", text)
    for rule in NORMALISER:
        text = rule.pattern.sub(rule.replacement, text)
    return text


def compare(operation: str, legacy: Facts, own: Facts) -> list[Difference]:
    """List where the facts of both sides differ; [] when they have done the same.

    Both are what `parity_facts.facts` gives. When the two ended differently that is the one difference that is told
    (with `word`, our word for a refusal): what follows from it says nothing more. A fact that a side should have and
    that could not be read is the difference `UNREAD`: what is not known is never the same.
    """
    if legacy["exit"] != own["exit"]:
        return [{**_difference("exit", legacy["exit"], own["exit"]), "word": str(own.get("word", ""))}]
    found: list[Difference] = []
    is_nobodys = own.get("word") == "not_found" and own.get("state") is None
    is_nobodys = is_nobodys and legacy.get("state") is None and legacy.get("records") == []
    for name in (*COMPARED.get(operation, ()), "shape"):
        if is_nobodys and name in ("state", "records"):
            continue  # neither side knows such a task, and the older one has written nothing
        if name not in legacy and (name not in own or name == "shape"):
            continue  # our side answers in JSON whenever it is compared
        theirs, ours = legacy.get(name), own.get(name)
        if theirs is None or ours is None:
            found.append(_difference(name, UNREAD if theirs is None else theirs, UNREAD if ours is None else ours))
        elif isinstance(theirs, dict) and isinstance(ours, dict):
            found += _by_key(name, theirs, ours)
        elif name == "missing" and _may_both_miss(theirs, ours, own.get("noted") or []):
            continue
        elif name in _COVERED:
            lacking = [entry for entry in theirs if isinstance(entry, str) and entry not in ours]
            found += [_difference(name, lacking, [])] if lacking else []
        elif theirs != ours:
            found.append(_difference(name, theirs, ours))
    return found


def _by_key(name: str, theirs: Mapping[str, Fact], ours: Mapping[str, Fact]) -> list[Difference]:
    """List the differences in tables of facts: columns of a state, lanes. What one side lacks is empty there."""
    found = []
    for key in sorted({*theirs, *ours}):
        left, right = theirs.get(key), ours.get(key)
        if (left or None) != (right or None):
            found.append(_difference(f"{name}.{key}", left, right))
    return found


def _may_both_miss(theirs: Iterable[object], ours: Iterable[object], noted: Iterable[object]) -> bool:
    """Tell whether what stands in the way of a merge is all that refuses here, and at least noted here."""
    return {*ours} <= {*theirs} <= {*ours, *noted}


def _difference(field: str, legacy: Fact, own: Fact) -> Difference:
    return {"field": field, "legacy": legacy, "own": own}
