"""What a call came to, read from what it printed and what it left behind: the facts that `parity.compare` compares.

The older scripts print text that nobody wrote down, so it is read with tolerance: task ids by the ids that are known
and the configured pattern, lanes by their names, JSON where there is JSON. What cannot be read is None.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.cutover.bridge.legacy_values import our_word, plain_word
from fairway_scripts.cutover.parity.parity_rules import COMPARED, STATE, compare, normalise
from fairway_scripts.cutover.parity.parity_text import (
    Context,
    clauses,
    complaints,
    is_declined,
    is_task,
    json_value,
    lanes_in,
    lanes_listed,
    listed_tasks,
    plain_text,
    says_nothing,
    shape_of,
    status_beside,
    titles,
    words_of,
)
from fairway_scripts.packets.fields import PACKETS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fairway_scripts.cutover.parity.parity_shapes import Difference, Facts

LEGACY, OWN = "legacy", "own"
DONE, REFUSED, UNAVAILABLE = "done", "refused", "unavailable"
#: Our side did not understand the call: that is no refusal, and equals none.
NOT_UNDERSTOOD = "not_understood"
#: Our words for a call that was refused for what it asks, though it ends with 2; other codes 2 are failures of ours.
_REFUSALS = ("reason_required", "not_found")
_SIGNALLED = 126
_STEPS = ("continue", "claim", "take", "start", "resume", "next", "go", "keep", "pick")
_OUR_STEPS = ("continue", "claim", "route", "merge", "close")
#: What stands in the way of a merge -> the words by which a line says so; the first that fits.
_KINDS = (
    ("review", ("review", "approv", "verdict", "sign-off", "signoff", "sign off", "signed off")),
    ("evidence", ("evidence", "proof")),
    ("handoff", ("handoff", "hand-off")),
    ("worktree", ("worktree", "uncommitted", "dirty", "not clean")),
    ("base", ("base", "behind", "out of date", "stale", "rebase", "lacks")),
    ("branch", ("branch", "not on ", "not contain")),
    ("status", ("status", "todo", "blocked", "nobody works")),
)
#: A line of a list, and one that says that all is well.
_ITEM = re.compile(r"\s*[-*\u2022]\s+\S")
_FINE = re.compile(r"^\W*(?:(?:ok|pass|passed|yes|done|good)\b|x\])|✓|✔", re.IGNORECASE)
_OBSTACLE = re.compile(r"^\W*(fail|missing|no|not|error|issue|blocker|blocked)\b|✗|✘", re.IGNORECASE)


_STATUS, _STATE = (
    re.compile(rf"^\s*{name}\s*[:=]\s*([\w-]+)", re.MULTILINE | re.IGNORECASE)
    for name in ("status", "(?:state|phase|stage)")
)


class Outcome(NamedTuple):
    """What a call came to on one side.

    `state` is the task's afterwards (`{status, owner, branch, commit_sha, completed_at}`), None where it is unknown;
    `records` are those that the call added as `[kind, word]`, None where they are unknown. `unread` says why what it
    printed is not known whole, "" when it is.
    """

    exit_code: int
    out: str = ""
    err: str = ""
    state: Mapping[str, object] | None = None
    records: list[list[str]] | None = None
    unread: str = ""


def facts(operation: str, side: str, outcome: Outcome, context: Context) -> Facts:
    """Return what a call came to on one side (`LEGACY` or `OWN`).

    Always `exit`, with `word` when our side refused; by operation `ready` ({lane: [id]}), `state`, `records`,
    `reviewers`, `missing` and `noted`, `named`, `status`, `next` ({lane: [id]}), `fields`; of a JSON answer `shape`.
    A fact is None when what the side said could not be read, or is not known whole. What a refused call would have said
    is not read, but for why a merge or a check was refused.
    """
    found: Facts = {"exit": _exit(side, outcome)}
    outcome = outcome._replace(out=plain_text(outcome.out), err=plain_text(outcome.err))
    if side == OWN and found["exit"] != DONE:
        found["word"] = _word(outcome.err)
    if "state" in COMPARED.get(operation, ()):
        found["state"] = None if outcome.state is None else _state(outcome.state, context)
        found["records"] = None if outcome.records is None else sorted(outcome.records)
    if found["exit"] == DONE and _JSON_START.match(outcome.out):
        found["shape"] = None if outcome.unread else shape_of(json_value(outcome.out))
    reader = _READERS.get(operation)
    if reader is not None and (found["exit"] == DONE or operation in _TOLD_WHEN_REFUSED):
        read = reader(side, outcome, context, found["exit"] == DONE)
        found |= dict.fromkeys(read) if outcome.unread else read
    return found


def compare_case(
    operation: str, legacy: Outcome, own: Outcome, context: Context
) -> tuple[list[Difference], Facts, Facts]:
    """Return where both sides of a case differ (`parity_rules.compare`), and the facts of each."""
    theirs, ours = facts(operation, LEGACY, legacy, context), facts(operation, OWN, own, context)
    return compare(operation, theirs, ours), theirs, ours


def _exit(side: str, outcome: Outcome) -> str:
    """Return the class of an exit: the older scripts say no more than yes or no."""
    code = outcome.exit_code
    if code == 0:
        return DONE
    if code < 0 or code >= _SIGNALLED:
        return UNAVAILABLE
    if side == OWN and _word(outcome.err) == "usage":
        return NOT_UNDERSTOOD
    if side == OWN and code == 2 and _word(outcome.err) not in _REFUSALS:
        return UNAVAILABLE
    return REFUSED


def _word(err: str) -> str:
    """Return the stable word of our refusal, "" without one."""
    for line in err.splitlines():
        if line.startswith("error: "):
            return line.split(": ")[1]
        if line.startswith("{") and '"error/1"' in line:
            value = json_value(line)
            return str(value.get("word", "")) if isinstance(value, dict) else ""
    return ""


def _state(state: Mapping[str, object], context: Context) -> dict[str, str]:
    found = {name: str(state.get(name) or "") for name in STATE}
    found["commit"] = normalise(str(state.get("commit_sha") or ""), context.roots)
    found["completed"] = "yes" if state.get("completed_at") else "no"
    return found


# --- by operation ----------------------------------------------------------------------------------------------


def _ready(_side: str, outcome: Outcome, context: Context, _done: bool) -> Facts:  # noqa: FBT001 - a reader
    by_lane: dict[str, list[str]] = {}
    listed = listed_tasks(outcome.out, context)
    if not listed and not says_nothing(outcome.out):
        return {"ready": None}
    for task_id in listed:
        lane = context.lane_of.get(task_id, "?")
        if task_id not in by_lane.setdefault(lane, []):
            by_lane[lane].append(task_id)
    return {"ready": by_lane}


def _reviewers(side: str, outcome: Outcome, context: Context, _done: bool) -> Facts:  # noqa: FBT001 - a reader
    value = json_value(outcome.out)
    if isinstance(value, dict):
        if side == OWN:
            return {"reviewers": sorted({entry["lane"] for entry in value.get("required") or ()})}
        return {"reviewers": lanes_listed(value, context)}
    lines = [line for line in outcome.out.splitlines() if lanes_in(line, context)]
    naming = [line for line in lines if "review" in line.lower()] or lines
    declined = [is_declined(line, context) for line in naming]
    found = {lane for line, no in zip(naming, declined, strict=True) if not no for lane in lanes_in(line, context)}
    is_sure = None not in declined and (found or any(declined) or says_nothing(outcome.out))
    return {"reviewers": sorted(found) if is_sure else None}


def _missing(side: str, outcome: Outcome, context: Context, done: bool) -> Facts:  # noqa: FBT001 - a reader
    if done:
        return {"missing": [], "noted": []}
    value = json_value(outcome.out)
    if side == OWN and isinstance(value, dict) and isinstance(value.get("findings"), list):
        levels = {
            level: sorted({c["word"] for c in value["findings"] if c["level"] == level})
            for level in ("error", "warning")
        }
        return {"missing": [_kind(name) or name for name in levels["error"]], "noted": levels["warning"]}
    texts = complaints(value)
    if value is None:
        lines = (outcome.out if outcome.out.strip() else outcome.err).splitlines()
        listed = [line for line in lines if _ITEM.match(line) and not _FINE.search(line)]
        texts = [line for line in lines if _OBSTACLE.search(line) or line in listed]
        texts = texts or [clause for line in lines for clause in clauses(line, context)]
    kinds = [_kind(text) for text in texts]
    return {"missing": sorted({*kinds} - {""}) if kinds and all(kinds) else None}


def _named(side: str, outcome: Outcome, context: Context, done: bool) -> Facts:  # noqa: FBT001 - a reader
    """Return the tasks and lanes that a refused check complains of; a check that passed complains of nothing."""
    if done:
        return {"named": []}
    value = json_value(outcome.out)
    found: set[str] = set()
    if side == OWN and isinstance(value, dict):
        for entry in value.get("findings") or []:
            if entry["level"] == "error":
                found |= {entry.get("task_id") or entry.get("lane") or ""}
        return {"named": sorted(found - {""})}
    for line in (outcome.out + "\n" + outcome.err).splitlines():
        if "warning" not in line.lower()[:20] and (ids := [word for word in words_of(line) if is_task(word, context)]):
            found.add(ids[0])
    return {"named": sorted(found) if found else None}


def _status(_side: str, outcome: Outcome, context: Context, _done: bool) -> Facts:  # noqa: FBT001 - a reader
    value = json_value(outcome.out)
    if isinstance(value, dict):
        inner = value.get("state")
        within = inner if isinstance(inner, dict) else value
        word = next((within[name] for name in ("status", "phase", "stage") if name in within), inner)
        return {"status": _our_status(word, context)}
    match = _STATUS.search(outcome.out) or _STATE.search(outcome.out)
    return {"status": _our_status(match[1], context) if match else status_beside(outcome.out, context)}


def _our_status(word: object, context: Context) -> str | None:
    """Return a status in our words; what stands for none of ours as it is."""
    return (our_word("status", word, None, context.statuses) or word) if isinstance(word, str) else None


def _next(side: str, outcome: Outcome, context: Context, _done: bool) -> Facts:  # noqa: FBT001 - a reader
    value = json_value(outcome.out)
    found: dict[str, list[str]] = {}
    if side == OWN and isinstance(value, dict):
        for action in value.get("actions", []):
            if action["action"] in _OUR_STEPS and action["task_id"]:
                found.setdefault(context.lane_of.get(action["task_id"], action["lane"]), []).append(action["task_id"])
    else:
        for line in outcome.out.splitlines():
            words = words_of(line)
            if {word.lower() for word in words} & {*_STEPS}:
                for task_id in [word for word in words if is_task(word, context)][:1]:
                    lane = next(iter(lanes_in(line, context)), context.lane_of.get(task_id, "?"))
                    found.setdefault(lane, []).append(task_id)
    if not found and side == LEGACY and not says_nothing(outcome.out):
        return {"next": None}
    return {"next": {lane: sorted(set(ids)) for lane, ids in found.items()}}


def _fields(packet: str) -> Callable[[str, Outcome, Context, bool], Facts]:
    def read(_side: str, outcome: Outcome, _context: Context, _done: bool) -> Facts:  # noqa: FBT001 - a reader
        names = {plain_word(name) for name in titles(outcome.out)}
        known = [
            field.name
            for field in PACKETS[packet].fields
            if names & {plain_word(field.name), plain_word(field.title or field.name)}
        ]
        return {"fields": sorted(known)}

    return read


_READERS: dict[str, Callable[[str, Outcome, Context, bool], Facts]] = {
    "ready": _ready,
    "route-review": _reviewers,
    "merge-ready": _missing,
    "validate": _named,
    "git-check": _named,
    "task-detail": _status,
    "orchestrator-tick": _next,
    "context-packet": _fields("context"),
    "watcher-packet": _fields("watcher"),
    "bugfix-packet": _fields("bugfix"),
}
#: How data begins; a heading such as `[B-ui]` does not.
_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[\]{\[\"]|-?\d+\s*[,\]]))")
_TOLD_WHEN_REFUSED = ("merge-ready", "validate", "git-check")


def _kind(text: str) -> str:
    plain = text.lower()
    return next((kind for kind, words in _KINDS if any(word in plain for word in words)), "")
