"""What may be said about a task that is added or changed in the store: the same rules as for one in a queue file."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fairway_scripts.base.errors import FairwayError, suggest, suggest_call
from fairway_scripts.base.faults import ERROR
from fairway_scripts.queue.definitions_rules import INTEGER_FIELDS, LIST_FIELDS, STATE_FIELDS, TEXT_FIELDS, TaskRecord
from fairway_scripts.queue.review_validation import review_faults
from fairway_scripts.queue.validation_rules import validate
from fairway_scripts.settings.review_domains import plain
from fairway_scripts.settings.review_needs import PACK_TAG, profiles_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.formats.text_tree import Node
    from fairway_scripts.queue.queue_shapes import Definition, Fields, Given

#: make variable -> field of a task, in the order in which fields are shown
TEXTS = {
    "TITLE": "title",
    "ROLE": "role",
    "KIND": "kind",
    "PARENT": "parent_id",
    "NOTES": "notes",
    "PROFILE": "profile",
    "OWNING_DOMAIN": "owning_domain",
    "OWNING_LAYER": "owning_layer",
    "RISK_LEVEL": "risk_level",
    "MIGRATION_TYPE": "migration_type",
}
NUMBERS = {"PRIORITY": "priority", "SEQUENCE": "sequence"}
LISTS = {
    "DEPENDENCIES": "dependencies",
    "ACCEPTANCE": "acceptance_checks",
    "SOURCE_PATHS": "source_paths",
    "TARGET_PATHS": "target_paths",
    "REVIEW_DOMAINS": "review_domains",
    "TAGS": "tags",
}
VARIABLES = {**TEXTS, **NUMBERS, **LISTS}
_VARIABLE_OF = {"id": "TASK_ID", "depends_on": "DEPENDENCIES", **{field: name for name, field in VARIABLES.items()}}
#: Every task has these, so they can be changed and not emptied.
_NEEDED = ("TITLE", "ROLE")
#: What a spawned task takes over from the task it comes from.
INHERITED = (
    *("role", "priority", "profile", "owning_domain", "owning_layer", "risk_level", "migration_type"),
    *("source_paths", "target_paths", "review_domains", "tags"),
)
#: Kinds of work that is not divided further; a child of one is most likely a mistake.
LEAF_KINDS = ("task", "bug", "spike")
#: Every place of a spawned task beside the one it comes from.
PLACES = ("child", "sibling", "root")


def items(text: str) -> list[str]:
    """The entries of a list that was given as text: separated by commas or line ends, without the empty ones."""
    return [entry.strip() for entry in text.replace("\n", ",").split(",") if entry.strip()]


def lines(texts: list[str]) -> list[str]:
    """Commands that were given one by one or one a line; they may hold commas."""
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def id_starts(lane: str) -> list[str]:
    """What made ids of a lane begin with, the first choice first: `B-ui` -> `B-UI-`, `BUI-`."""
    letters = [char if char.isascii() and char.isalnum() else "-" for char in lane.upper()]
    words = [word for word in "".join(letters).split("-") if word]
    if not words or not words[0][0].isalpha():
        words = ["T", *words]
    return list(dict.fromkeys(("-".join(words) + "-", "".join(words) + "-", words[0] + "-", "T-")))


def next_id(start: str, known: Iterable[str]) -> str:
    """The id with the number after the highest one that begins with `start`: `B-UI-`, [`B-UI-007`] -> `B-UI-008`."""
    numbers = [task_id[len(start) :] for task_id in known if task_id.startswith(start)]
    highest = max((int(text) for text in numbers if text.isascii() and text.isdigit() and len(text) < 10), default=0)
    return f"{start}{highest + 1:03d}"


def cleared(text: str) -> Given:
    """`PARENT,TAGS` -> the fields with the value of one that was never given; raises FairwayError `usage`."""
    fields: dict[str, str | list[str] | None] = {}
    for name in items(text):
        variable = name.upper().replace("-", "_")
        if variable not in VARIABLES or variable in _NEEDED:
            allowed = ", ".join(known for known in VARIABLES if known not in _NEEDED)
            raise FairwayError(
                "usage",
                f"CLEAR takes {allowed}; not {name!r}",
                suggest_call(CLEAR=None),
            )
        fields[VARIABLES[variable]] = _blank(VARIABLES[variable])
    return cast("Given", fields)


def _blank(field: str) -> str | list[str] | None:
    if field in LIST_FIELDS:
        return []
    return None if field in INTEGER_FIELDS else ""


def complete(task_id: str, fields: Given, status: str, extra: Mapping[str, Node]) -> TaskRecord:
    """The record of a task that no file holds; fields that are not given are blank."""
    every = (*TEXT_FIELDS, *STATE_FIELDS, *INTEGER_FIELDS, *LIST_FIELDS)
    blank = cast("Fields", {field: _blank(field) for field in every})
    whole: Fields = {**blank, **fields, "id": task_id, "status": status}
    # The authoring standard asks of a new task that owner and branch are there, though empty: the store has both.
    return TaskRecord(whole, dict(extra), dict.fromkeys(every, 0), {}, 0, 0)


def check(record: TaskRecord, settings: Settings, *, changed: Collection[str] = ()) -> list[str]:
    """Hold a task against the authoring standard; only the `changed` fields of it, where any are named.

    The tasks that it names are taken to exist. Returns warnings. Raises FairwayError `usage` or `not_found`
    (an unknown lane) with everything that is wrong.
    """
    _refuse_unprintable(record, changed or _VARIABLE_OF)
    fields = record.fields
    faults = validate(
        [record],
        path="",
        known_ids={*fields["dependencies"], fields["parent_id"]},
        lanes=[lane["name"] for lane in settings["roles"]],
        statuses=settings["states"]["allowed"],
        terminal=(),
        kinds=settings["task_kinds"]["allowed"],
        priorities=[level["rank"] for level in settings["task_priorities"]["levels"]],
        id_pattern=settings["fairway"]["task_id_pattern"],
        profile=settings["queue"]["profile"],
        required=[field for field in settings["queue"]["required_fields"] if field not in STATE_FIELDS],
    )
    faults += review_faults([record], settings)
    told = [fault for fault in faults if fault.field in _VARIABLE_OF and (not changed or fault.field in changed)]
    # a kind of its own is the way of a file; one that somebody types may be a slip
    wrong = [fault for fault in told if fault.severity == ERROR or fault.code == "unknown_kind"]
    if wrong:
        word = "not_found" if wrong[0].code == "unknown_lane" else "usage"
        what = "; ".join(f"{_VARIABLE_OF[fault.field]}: {fault.message}" for fault in wrong)
        raise FairwayError(word, f"{fields['id']}: {what}", suggest("queue-where"))
    return [f"{_VARIABLE_OF[fault.field]}: {fault.message}" for fault in told]


def _refuse_unprintable(record: TaskRecord, fields: Collection[str]) -> None:
    """Everything but the notes stands on one line, in lists and on terminals."""
    given: Mapping[str, object] = record.fields
    for field in fields:
        if field == "notes" or field not in _VARIABLE_OF or field not in given:
            continue
        value = given[field]
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and any(ord(char) < 32 or ord(char) == 127 for char in text):
                raise FairwayError("usage", f"{_VARIABLE_OF[field]} {text!r} holds a line end or a control character")


def closing_path(edges: Mapping[str, list[str]], start: str, goal: str) -> list[str]:
    """The shortest way `[start, ..., goal]` along `edges`, [] when there is none: with goal -> start, a cycle."""
    came_from = {start: ""}
    waiting = [start]
    for at in waiting:
        if at == goal:
            path = [at]
            while came_from[path[-1]]:
                path.append(came_from[path[-1]])
            return path[::-1]
        for target in edges.get(at, []):
            if target not in came_from:
                came_from[target] = at
                waiting.append(target)
    return []


def refuse_cycle(task_id: str, path: list[str], noun: str) -> None:
    """Raise FairwayError `cycle` naming the cycle that a new edge from `task_id` to the first of `path` closes."""
    if path:
        shown = " -> ".join([task_id, *path])
        raise FairwayError("cycle", f"{noun} cycle: {shown}", suggest("queue-task-detail", TASK_ID=path[0]), cycle=path)


def loosened(before: Definition, after: Definition, settings: Settings) -> list[str]:
    """The fields whose change asks for less than before, or asks others: lane, risk, domains, profile, kind and tags.

    A kind or a tag counts where a review shape, a workstream profile or a gate knows it, and a tag that names a
    regression pack always. A task without a profile has all those of its kind: to name one lets the others go.
    """
    levels = [plain(level["name"]) for level in settings["risk_levels"]]
    profiles = settings["workstream_profiles"]

    def weight(word: str) -> int:  # a word that is no level is one that a review shape knows: the heaviest
        return levels.index(plain(word)) if plain(word) in levels else len(levels) if word else -1

    def domains(task: Definition) -> set[str]:  # those of the profile are asked while the task names none
        named = [word for entry in profiles if entry["name"] == task["profile"] for word in entry["review_domains"]]
        return {*(task["review_domains"] or named)}

    def applying(profile: str) -> set[str]:  # a change of the kind is looked at by itself
        return {entry["name"] for entry in profiles_of(before["kind"], profile, settings)}

    known = {plain(word) for entry in settings["review_shapes"] for word in (*entry["task_kinds"], *entry["tags"])}
    known |= {
        plain(word)
        for entry in (*profiles, *(gate for entry in profiles for gate in entry["gates"]))
        for word in entry["task_kinds"]
    }
    gone = {*before["tags"]} - {*after["tags"]}
    other = before["profile"] != after["profile"]
    lost = {
        "role": before["role"] != after["role"],
        "risk_level": weight(before["risk_level"]) > weight(after["risk_level"]),
        "review_domains": not domains(before) <= domains(after),
        "profile": other and (bool(before["profile"]) or not applying("") <= applying(after["profile"])),
        "kind": plain(before["kind"]) in known and before["kind"] != after["kind"],
        "tags": any(plain(tag) in known or tag.startswith(PACK_TAG) for tag in gone),
    }
    return [name for name, is_lost in lost.items() if is_lost]
