"""Every fault of a queue's definitions in one run (GPUaaS authoring standard and queue rules)."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.base.patterns.line_patterns import LinePattern, compile_pattern
from fairway_scripts.queue.command_words import looks_like_command
from fairway_scripts.queue.definitions_rules import header_list
from fairway_scripts.queue.dependencies import find_cycles
from fairway_scripts.queue.file_habits import prose, thin_notes, unknown_fields, unknown_kinds
from fairway_scripts.queue.files.notes_sections import missing_sections

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fairway_scripts.queue.definitions_rules import TaskRecord

    Naming = Literal["dependencies", "parent_id"]

MINIMAL = "minimal"
STRICT = "strict"

#: profile -> fields that must be there and not blank
_FILLED = {
    MINIMAL: ("id", "title", "role"),
    STRICT: ("id", "title", "role", "priority", "status", "acceptance_checks", "notes"),
}
#: profile -> fields that must be there, blank or not
_PRESENT = {MINIMAL: (), STRICT: ("owner", "branch", "dependencies")}
_WORDS = itemgetter("role", "status", "kind", "priority")
_FILE_NAMES = {"dependencies": "depends_on", "commit_sha": "commit"}

#: Looking for the nearest id costs a pass over all ids, so only so many faults get a suggestion.
_MOST_SUGGESTIONS = 20
_LONGEST_CYCLE = 12


class _Expected(NamedTuple):
    """What the values of a queue are measured by."""

    path: str
    known_ids: Collection[str]
    lanes: frozenset[str]
    lane_severity: str
    statuses: frozenset[str]
    terminal: frozenset[str]
    kinds: frozenset[str]
    priorities: frozenset[int]
    pattern: LinePattern | None
    filled: tuple[str, ...]
    present: tuple[str, ...]
    profile: str


def validate(
    tasks: Sequence[TaskRecord],
    *,
    path: str,
    known_ids: Collection[str] = (),
    lanes: Collection[str] = (),
    statuses: Collection[str] = (),
    terminal: Collection[str] = ("done",),
    kinds: Collection[str] = (),
    priorities: Collection[int] = (),
    id_pattern: str = "",
    profile: str = MINIMAL,
    required: Collection[str] = (),
    header: Mapping[str, object] | None = None,
    edges: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> list[Fault]:
    """Check the tasks of one file against each other and against what is configured; faults sorted by line.

    `known_ids`: ids that dependencies and parents may also name (store, archives). An empty `lanes`, `statuses`,
    `kinds` or `priorities` allows any value; with no `lanes`, a role that the file's own `roles` (in `header`) do
    not list is a warning, and with no `statuses` the file's `states` count. `id_pattern` is a regular
    expression that has to be found in an id (so anchors matter). `profile` is `minimal` or `strict` (the
    authoring standard); `required` adds fields to it. `edges` gives what tasks outside the file name, by field
    (`dependencies`, `parent_id`): a cycle may lead through them. Raises ValueError for another profile or a bad
    pattern.
    """
    if profile not in _FILLED:
        raise ValueError(f"unknown validation profile {profile!r}")
    header = header or {}
    roles = frozenset(lanes or header_list(header, "roles"))
    filled = tuple(dict.fromkeys((*_FILLED[profile], *required)))
    if not roles:
        filled = tuple(field for field in filled if field != "role" or field in required)
    expected = _Expected(
        path,
        known_ids if isinstance(known_ids, (set, frozenset, dict)) else frozenset(known_ids),
        roles,
        ERROR if lanes else WARNING,
        frozenset(statuses or header_list(header, "states")),
        frozenset(terminal),
        frozenset(kinds),
        frozenset(priorities),
        compile_pattern(id_pattern, ignore_case=False) if id_pattern else None,
        filled,
        _PRESENT[profile],
        profile,
    )
    check = _Check(expected, tasks)
    for task in tasks:
        check.task(task)
    outside = edges or {}
    check.cycles("dependencies", "dependency_cycle", "dependency cycle", outside.get("dependencies", {}))
    check.cycles("parent_id", "parent_cycle", "parent cycle", outside.get("parent_id", {}))
    habits = [
        *unknown_fields(path, tasks),
        *unknown_kinds(path, check.odd_kinds, expected.kinds),
        *prose(path, check.prose),
        *thin_notes(path, check.thin_notes),
    ]
    return in_file_order([*check.faults, *habits])


def in_file_order(faults: list[Fault]) -> list[Fault]:
    """Faults by line; those of one line in the order they were found."""
    return sorted(faults, key=lambda fault: fault.line)


class _Check:
    """One run over the tasks of one file."""

    def __init__(self, expected: _Expected, tasks: Sequence[TaskRecord]) -> None:
        self.expected = expected
        self.faults: list[Fault] = []
        self.first: dict[str, TaskRecord] = {}
        for task in tasks:
            self.first.setdefault(task.fields["id"], task)
        self.tasks = tasks
        self.suggestions = 0
        #: acceptance checks that turned out to be commands; most of them come up again and again
        self.runnable: set[str] = set()
        #: the tasks of each kind that is not configured, the checks that read as prose, and the tasks whose notes lack
        #: the same sections, in file order
        self.odd_kinds: dict[str, list[TaskRecord]] = {}
        self.prose: list[tuple[TaskRecord, int, str]] = []
        self.thin_notes: dict[tuple[str, ...], list[TaskRecord]] = {}
        #: lane, status, kind and priority as they were found to be known together
        self.usual: set[tuple[object, ...]] = set()

    def _fault(self, task: TaskRecord, field: str, code: str, message: str, severity: str = ERROR) -> None:
        name = task.spelled(field)
        line = task.line_of(field)
        self.faults.append(Fault(self.expected.path, line, task.fields["id"], name, severity, code, message))

    def task(self, task: TaskRecord) -> None:
        """Everything that one task shows by itself or against the ids of the others."""
        fields = task.fields
        self._completeness(task)
        if fields["id"]:
            self._id(task)
        self._words(task)
        if fields["dependencies"]:
            self._dependencies(task)
        if fields["parent_id"]:
            self._parent(task)
        if fields["status"] in self.expected.terminal:
            self._finished(task)
        if not self.runnable.issuperset(fields["acceptance_checks"]):
            self._acceptance(task)
        if fields["notes"]:
            self._notes(task)

    def _completeness(self, task: TaskRecord) -> None:
        fields: Mapping[str, object] = task.fields
        for field in self.expected.filled:
            value = fields[field] if field in fields else task.extra.get(field)
            if value and (type(value) is not str or not value.isspace()):
                continue
            if value is None or value == [] or (type(value) is str and not value.strip()):
                self._required(task, field)
        for field in self.expected.present:
            if field not in task.given and field not in task.refused:
                self._fault(task, _FILE_NAMES.get(field, field), "missing_field", "required field is missing")

    def _required(self, task: TaskRecord, field: str) -> None:
        if field in task.refused:
            return
        if field in task.given:
            self._fault(task, field, "blank_field", "required field is blank")
        else:
            self._fault(task, _FILE_NAMES.get(field, field), "missing_field", "required field is missing")

    def _id(self, task: TaskRecord) -> None:
        task_id: str = task.fields["id"]
        if not task_id.isprintable():
            odd = next(char for char in task_id if not char.isprintable())
            self._fault(task, "id", "id_pattern", f"id holds the character U+{ord(odd):04X}, which does not print")
        elif task_id != task_id.strip():
            self._fault(task, "id", "id_pattern", "id begins or ends with a blank")
        elif self.expected.pattern is not None and not self.expected.pattern.search(task_id):
            self._fault(task, "id", "id_pattern", f"id does not match {self.expected.pattern.pattern}")
        first = self.first[task_id]
        if first is not task:
            self._fault(task, "id", "duplicate_id", f"id is already taken by the task at line {first.line}")

    def _words(self, task: TaskRecord) -> None:
        words = role, status, kind, priority = _WORDS(task.fields)
        if words in self.usual:
            return
        expected, found = self.expected, len(self.faults)
        if role and expected.lanes and role not in expected.lanes:
            self._unknown(task, "role", role, expected.lanes, severity=expected.lane_severity)
        if status and expected.statuses and status not in expected.statuses:
            self._unknown(task, "status", status, expected.statuses)
        if kind and expected.kinds and kind not in expected.kinds:
            self.odd_kinds.setdefault(kind, []).append(task)
        if priority is not None and expected.priorities and priority not in expected.priorities:
            self._unknown(task, "priority", priority, expected.priorities)
        if len(self.faults) == found and kind not in self.odd_kinds:
            self.usual.add(words)

    def _unknown(
        self, task: TaskRecord, field: str, value: object, known: Collection[object], severity: str = ERROR
    ) -> None:
        noun = "lane" if field == "role" else field
        listed = ", ".join(str(word) for word in sorted(known, key=str))
        self._fault(task, field, f"unknown_{noun}", f"unknown {noun} {value}; known: {listed}", severity)

    def _dependencies(self, task: TaskRecord) -> None:
        seen = set()
        for dependency in task.fields["dependencies"]:
            if dependency == task.fields["id"]:
                self._fault(task, "dependencies", "self_dependency", "a task cannot depend on itself")
            elif dependency not in self.first and dependency not in self.expected.known_ids:
                what = f"unknown dependency {dependency}: not in this file, the store or an archive"
                self._fault(task, "dependencies", "unknown_dependency", what + self._suggestion(dependency))
            elif dependency in seen:
                what = f"{dependency} is listed twice"
                self._fault(task, "dependencies", "repeated_dependency", what, WARNING)
            seen.add(dependency)

    def _parent(self, task: TaskRecord) -> None:
        parent = task.fields["parent_id"]
        if parent == task.fields["id"]:
            self._fault(task, "parent_id", "self_parent", "a task cannot be its own parent")
        elif parent not in self.first and parent not in self.expected.known_ids:
            what = f"unknown parent {parent}: not in this file, the store or an archive"
            self._fault(task, "parent_id", "unknown_parent", what + self._suggestion(parent))

    def _suggestion(self, task_id: str) -> str:
        self.suggestions += 1
        if self.suggestions > _MOST_SUGGESTIONS:
            return ""
        from difflib import get_close_matches

        near = get_close_matches(task_id, [*self.first, *self.expected.known_ids], n=1, cutoff=0.8)
        return f"; did you mean {near[0]}?" if near else ""

    def _finished(self, task: TaskRecord) -> None:
        """Finished work has a commit and a date (authoring standard); the minimal profile only warns of the date."""
        status, commit, completed = task.fields["status"], task.fields["commit_sha"], task.fields["completed_at"]
        if commit and completed and not (commit.isspace() or completed.isspace()):
            return
        for field, given, severity in (
            ("commit_sha", commit, ERROR),
            ("completed_at", completed, ERROR if self.expected.profile == STRICT else WARNING),
        ):
            if not given.strip() and field not in task.refused:
                name = _FILE_NAMES.get(field, field) if field not in task.given else field
                what = f"status is {status}, so {_FILE_NAMES.get(field, field)} must be given"
                self._fault(task, name, "finished_without_" + _FILE_NAMES.get(field, field), what, severity)

    def _acceptance(self, task: TaskRecord) -> None:
        for index, text in enumerate(task.fields["acceptance_checks"]):
            if looks_like_command(text):
                self.runnable.add(text)
                continue
            lines = task.item_lines.get("acceptance_checks", [])
            line = lines[index] if index < len(lines) else task.line_of("acceptance_checks")
            self.prose.append((task, line, text))

    def _notes(self, task: TaskRecord) -> None:
        missing = missing_sections(task.fields["notes"])
        if missing:
            self.thin_notes.setdefault(tuple(missing), []).append(task)

    def cycles(
        self, field: Literal["dependencies", "parent_id"], code: str, noun: str, outside: Mapping[str, Sequence[str]]
    ) -> None:
        """Cycles over a field that names other tasks, each at the first of its tasks that the file holds."""
        graph: dict[str, Sequence[str]] = {}
        for task_id, task in self.first.items():
            named = task.fields[field]
            if named:
                graph[task_id] = [named] if isinstance(named, str) else named
        graph |= {task_id: named for task_id, named in outside.items() if task_id not in self.first}
        for cycle in find_cycles(graph):
            if cycle[0] not in self.first:
                continue
            shown = [*cycle, cycle[0]]
            if len(shown) > _LONGEST_CYCLE:
                left_out = len(shown) - _LONGEST_CYCLE
                shown = [*shown[: _LONGEST_CYCLE - 1], f"... ({left_out} more)", shown[-1]]
            self._fault(self.first[cycle[0]], field, code, f"{noun}: {' -> '.join(shown)}")
