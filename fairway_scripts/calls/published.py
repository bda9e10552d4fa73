"""The names under which answers are published as JSON: one name for one idea, whatever the column behind it is called.

The lane of something is `lane`, who did it is `actor`, an id says of what it is the id (`task_id`, `session_id`), and
what is wrong stands in `findings`, each with `level`, `word`, `message`, `fix` and `argv`; no other name stands beside
these. Beside every command line that we propose stand its words, `argv`. What others wrote and we only hand on (the
payload of an event, fields of a queue file, tables of a snapshot, settings) keeps its own names.
"""

from __future__ import annotations

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import Hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = dict[str, object]

#: Names of columns and what they are called in an answer.
_NAMES = {
    "role": "lane",
    "from_role": "from_lane",
    "to_role": "to_lane",
    "reviewer_role": "reviewer_lane",
    "recorded_by": "actor",
    "registered_by": "actor",
    "requested_by": "actor",
    "set_by": "actor",
    "acknowledged_by": "actor",
    "session": "session_id",
}
#: Who did a second thing to a row, beside who recorded it.
_SECOND_ACT = "acknowledged_by"
#: What the entries of a list are -> what their `id` is called.
_IDS = {
    **dict.fromkeys(("tasks", "task", "waiting", "waits_for", "dependencies", "dependents", "by_task"), "task_id"),
    "children": "task_id",
    **dict.fromkeys(("evidence", "rejected"), "evidence_id"),
    "handoffs": "handoff_id",
    "reviews": "review_id",
    "review_requests": "review_request_id",
    "required": "review_id",
    "waiver": "waiver_id",
    "waivers": "waiver_id",
    "history": "history_id",
    "events": "event_id",
    "changes": "event_id",
    "findings": "task_id",
    "packs": "pack_id",
    "flows": "flow_id",
    "rows": "case_id",
    "runs": "run_id",
    "jobs": "job_id",
    "sessions": "session_id",
    "watchers": "watch_id",
    "checkpoints": "checkpoint_id",
}
#: Lists of what is wrong -> the level and the word of an entry that has none.
_WRONG = {
    "findings": ("warning", "finding"),
    "faults": ("error", "fault"),
    "issues": ("error", "issue"),
    "problems": ("error", "problem"),
    "obstacles": ("error", "obstacle"),
    "errors": ("error", "error"),
    "gaps": ("error", "gap"),
    "todo": ("error", "packet_incomplete"),
    "warnings": ("warning", "warning"),
}
#: Where such a list is prose of a catalogue.
_PROSE = ("packs", "regression_packs")
#: Ends of names of lists of what is wrong that say where it was looked for: `git_findings`.
_AREA = "_findings"
#: A check list has what is fine as well: that is told as `passed`, what is not in `findings`.
_CHECKS, _PASS, _PASSED = "checks", "pass", "passed"
#: Objects whose names are no fields of ours, or that are documents of their own.
_HANDED_ON = frozenset(
    (
        *("payload", "tables", "extra", "settings", "value", "manifest", "packet_values", "legacy", "own", "raw"),
        *("by_lane", "by_status", "ready_by_lane", "counts", "engines", "thresholds", "environment", "header"),
        *("variables", "arguments", "health", "fields"),
    )
)
#: Categories of the health report that are normal as such: only their grown-old part is a finding.
NORMAL = ("in_progress", "unacknowledged_handoffs", "pending_reviews")


def published(data: Mapping[str, object], place: str = "", word: str = "") -> Row:
    """`data` under the names of answers; `place` is the name that it stands under, "" for a whole answer.

    `word` is what a finding of `data` itself is called that has no word; default: what its list says.
    """
    told: Row = {}
    wrong: list[Row] | None = None
    for name, value in data.items():
        if not isinstance(value, (dict, list)):
            known = _name_of(name, place, data)
            if known == name or known not in data:
                told[known] = value
            if value.__class__ is Hint and "argv" not in data:
                told["argv"] = value.argv
        elif name in _WRONG and place not in _PROSE:
            level, usual = _WRONG[name]
            wrong = [*(wrong or ()), *_findings(value, level, word or usual)]
        elif name.endswith(_AREA):
            area = name[: -len(_AREA)]
            found = [{**entry, "area": area} for entry in _findings(value, *_WRONG["findings"])]
            wrong = [*(wrong or ()), *found]
        elif name == _CHECKS:
            found = _findings(value, "error", word or "check")
            wrong = [*(wrong or ()), *(entry for entry in found if entry["level"] != _PASS)]
            fine = [entry for entry in found if entry["level"] == _PASS]
            told[_PASSED] = [{"word": entry["word"], "message": entry["message"]} for entry in fine]
        else:
            told[name] = _handed(name, value)
    if wrong is not None:
        told["findings"] = wrong
    return told


def _name_of(name: str, place: str, data: Mapping[str, object]) -> str:
    """The name under which an answer has the column `name` of `data`."""
    if name == "id":
        return _IDS.get(place, name)
    if name == _SECOND_ACT and "recorded_by" in data:
        return name
    return _NAMES.get(name, name)


def json_of(whole: Row, *, pretty: bool) -> str:
    """A published answer as text: one line with sorted keys, or indented for people."""
    if not pretty:
        return jsonio.dumps(whole) + "\n"
    import json

    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _handed(name: str, value: object) -> object:
    """A value of an answer with what is in it published, unless it is handed on as it is."""
    if isinstance(value, list):
        return [published(entry, name) if isinstance(entry, dict) else entry for entry in value]
    if isinstance(value, dict) and name not in _HANDED_ON:
        return published(value, name)
    return value


def _findings(value: object, level: str, word: str) -> list[Row]:
    """The entries of a list of what is wrong, or of such lists by their word (`{"over_lease": [..]}`)."""
    if isinstance(value, dict):
        levels = {key: "note" if key in NORMAL else level for key in value}
        return [entry for key, part in value.items() for entry in _findings(part, levels[key], key)]
    if not isinstance(value, (list, tuple)) or not value:
        return []
    from fairway_scripts.calls.hints import finding

    return [published(finding(word, entry, level), "findings") for entry in value]
