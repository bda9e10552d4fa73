"""Answering a call under an older script's name."""

from __future__ import annotations

import gc
import os

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.door import handover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.cutover_shapes import FrontDoor, TableEntry
    from fairway_scripts.cutover.door.calls import Call
    from fairway_scripts.cutover.door.entries import Entry


def answer_script(argv: list[str]) -> tuple[str, list[str]]:
    """Return what `compat-call SCRIPT WORD...` comes to: the tool and its words, when this side answers.

    SCRIPT is a name or the path of the shim. A call that the original answers does not come back: this process
    becomes the original. Raises FairwayError `usage` (a name, subcommand or word that is not known),
    `missing_dependency` (the original should answer and is not there), and SystemExit 0 after a list of subcommands.
    """
    if not argv or argv[0].startswith("-"):
        raise FairwayError(
            "usage", "the name of an older script is required, before any flag", suggest("parity-report", "status")
        )
    place = os.path.dirname(argv[0])
    forced = os.environ.get("FAIRWAY_LEGACY", "0") not in ("", "0")
    repository = paths.find_repository(place or os.getcwd())
    data: FrontDoor | None = None
    if forced:
        data = {}
    elif repository is not None and os.environ.get("FAIRWAY_ENGINE") != handover.FAIRWAY:
        data = handover.load(repository)
    call = Asked(data or {}, _script(argv[0], repository, data or {}), argv[1:], repository)
    if forced and repository is None:
        raise missing_original(call.script, "")
    if data is not None and repository is not None:
        _pass_on(call, repository, forced=forced)
    gc.enable()  # compat-call begins without
    prepare_streams()
    return _own_call(call)


class Asked:
    """A call as it came: the script's path in the repository, its words, and what they mean, read when it matters."""

    def __init__(self, data: FrontDoor, script: str, words: list[str], repository: Repository | None) -> None:
        self.data, self.script, self.words, self.repository = data, script, words, repository
        self._table: dict[str, dict[str, TableEntry]] | None = None
        self._read: tuple[Entry, Call] | None = None
        self.stdin = ""
        self.interpreter = handover.take_interpreter()

    @property
    def table(self) -> dict[str, dict[str, TableEntry]]:
        """Return the host's part of the table of calls."""
        if self._table is None:
            from fairway_scripts.cutover.door.door_table import table_of

            self._table = {} if self.repository is None else table_of(self.data, self.repository)
        return self._table

    def read(self) -> tuple[Entry, Call]:
        """Return its entry in the table of calls, and its meaning."""
        if self._read is None:
            from fairway_scripts.cutover.door.calls import read_call
            from fairway_scripts.cutover.door.table import find_entry

            entry, words = find_entry(self.table, self.script, self.words)
            self._read = entry, read_call(entry, words, os.environ, self.stdin)
        return self._read

    def read_whole(self) -> tuple[Entry, Call]:
        """Return the same with standard input read; whoever runs the original then has to give it `stdin` again."""
        entry, call = self.read()
        reads = bool(entry.payload) or (entry.stdin and entry.stdin not in call.values)
        if reads and entry.tool and not os.isatty(0):
            self.stdin, self._read = _whole_input(), None
            if "QUEUE_DB" not in call.values:
                self.read()[1].values.pop("QUEUE_DB", None)  # it was that of the older scripts
        return self.read()


def _whole_input() -> str:
    chunks = []
    while chunk := os.read(0, 1 << 16):
        chunks.append(chunk)
    return os.fsdecode(b"".join(chunks))


def _script(given: str, repository: Repository | None, data: FrontDoor) -> str:
    """Return the path of a script in its repository; a bare name is that of the only one that is called so."""
    folder, name = os.path.split(given)
    if folder and repository is not None and repository.worktree:
        return os.path.relpath(os.path.join(os.path.realpath(folder), name), repository.worktree)
    from fairway_scripts.cutover.door.published_calls import SCRIPTS

    known = {*(data.get("scripts") or {}), *SCRIPTS}
    if not (found := sorted(path for path in known if os.path.basename(path) == name)):
        names = ", ".join(sorted(os.path.basename(path) for path in known))
        raise FairwayError("usage", f"{name!r} is none of the scripts: {names}")
    return found[0]


def _pass_on(asked: Asked, repository: Repository, *, forced: bool) -> None:
    """Let the original answer when its engine says so; come back otherwise."""
    engine = handover.LEGACY if forced else _only_engine(asked.data)
    if not engine and engine_at_a_glance(asked, repository) == handover.LEGACY:
        engine = handover.LEGACY
    role = ""
    if engine != handover.LEGACY:
        role, found = engine_of(asked, repository)
        engine = engine or found
    if engine == handover.FAIRWAY and _is_kept(asked):
        engine = handover.LEGACY
    if engine != handover.LEGACY:
        from fairway_scripts.cutover.door.lanes import engine_by_database

        engine = engine_by_database(asked.read()[1].values, asked.data, repository, engine)
    if engine == handover.FAIRWAY:
        return
    from fairway_scripts.cutover.door.passing import original_in, replace_process

    path = original_in(asked.script, repository)
    if not path:
        from fairway_scripts.cutover.door.published_calls import KEEPS_RECORD

        if asked.script in KEEPS_RECORD or forced:
            raise missing_original(asked.script, role)
        return
    argv = [*handover.command(path, asked.interpreter), *asked.words]
    if engine == handover.SHADOW:
        _shadow(asked, role, argv, repository)
    replace_process(argv, {}, asked.stdin)


def _is_kept(asked: Asked) -> bool:
    """Tell whether the host's profile leaves a call to its script, and no word of it may be a task."""
    entry, _call = asked.read()
    kept = not entry.tool and entry.subcommand in (asked.table.get(asked.script) or {})
    words = [part for word in asked.words for part in word.split("=")]
    return kept and not any("-" in word and word.isupper() for word in words)


def prepare_streams() -> None:
    """Make the standard streams fit for what this side writes; a call that is passed on leaves them as they came."""
    from fairway_scripts.base.streams import prepare

    prepare()


def _shadow(asked: Asked, role: str, argv: list[str], repository: Repository) -> None:
    """Run the original and keep what is needed to compare this side with it; come back for a call that is not."""
    prepare_streams()
    from fairway_scripts.cutover.door.passing import shadowed_call
    from fairway_scripts.cutover.shadow.shadow import UNKNOWN, is_shadowed, run_shadowed

    _entry, call = asked.read_whole()
    words, tool, lost = call.own_words(), call.tool, call.untranslated
    if not tool:
        from fairway_scripts.cutover.door.unknown_calls import unknown_word

        lost = list(filter(None, [unknown_word(asked)]))
        tool = UNKNOWN if lost else ""
    if is_shadowed(tool, words):
        note = shadowed_call(asked.data, asked.script, argv, tool, words, call.values, role, lost)
        run_shadowed(note, {}, repository, feed=asked.stdin)


def _only_engine(data: FrontDoor) -> str:
    """Return the engine of every lane when there is but one, "" otherwise."""
    other = handover.engine_of(data, handover.OTHER_LANES)
    return other if all(engine == other for engine in (data.get("engines") or {}).values()) else ""


def engine_at_a_glance(asked: Asked, repository: Repository) -> str:
    """Return the engine of a call in the plainest form (`claim --role B-ui --task-id B-1`), "" for every other.

    Reading the words whole needs the table of variables, which takes longer than the original may be kept waiting.
    """
    from fairway_scripts.cutover.door.published_calls import SCRIPTS

    words = asked.words
    own = asked.table.get(asked.script) or {}
    if not words or words[0].startswith("-") or "=" in words[0]:
        return ""
    entry = own.get(words[0])
    if entry is None and asked.script not in SCRIPTS:
        return ""
    if own and (entry is None or entry.get("positional") or entry.get("env") or entry.get("values")):
        return ""
    names = _PLAIN if entry is None else entry.get("map") or {}
    given: dict[str, str] = {}
    rest = iter(words[1:])
    for word in rest:
        flag, equals, value = word.partition("=")
        name = names.get(flag.replace("_", "-") if entry is None else flag, "-" if entry is None else "")
        if not flag.startswith("--") or not name or flag in _ELSEWHERE:
            return ""
        value = value if equals else next(rest, "-")
        if value.startswith("-"):
            return ""
        given[name] = value.strip()
    role, task = given.get("ROLE", ""), given.get("TASK_ID", "")
    if not (role or task):
        return ""
    from fairway_scripts.cutover.door.lanes import lane_of_task

    return handover.engine_of_call(asked.data, role, lambda: lane_of_task(asked.data, task, {}, repository))


_PLAIN = {"--role": "ROLE", "--task-id": "TASK_ID"}
_NAMED = {name: flag for flag, name in _PLAIN.items()}
_ELSEWHERE = ("--", "--db", "--queue-db", "--queue_db", "--task")


def engine_of(asked: Asked, repository: Repository) -> tuple[str, str]:
    """Return the lane of a call, "" for none that is known, and its engine."""
    from fairway_scripts.cutover.door.lanes import lane_in_place, lane_of_task

    entry, call = asked.read()
    task = call.values.get("TASK_ID", "").strip()
    role = call.values.get("ROLE", "").strip()
    if not (role or task):
        role, task = _named_otherwise(asked.words)
    if not entry.tool and not role and not task:
        from fairway_scripts.cutover.door.unknown_calls import engine_of_unknown

        return engine_of_unknown(asked, repository)
    role = role or ("" if task else lane_in_place(call.tool, repository))
    found = [role]

    def lane() -> str:
        found[0] = lane_of_task(asked.data, task, call.values, repository)
        if call.untranslated and found[0] in ("", handover.OTHER_LANES):
            from fairway_scripts.cutover.door.unknown_calls import lane_among

            # a flag that nobody knows may have moved the other words to places that are not theirs
            found[0] = lane_among(asked, repository) or found[0]
        return found[0]

    engine = handover.engine_of_call(asked.data, role, lane)
    return "" if found[0] == handover.OTHER_LANES else found[0], engine


def _named_otherwise(words: list[str]) -> tuple[str, str]:
    """Return the lane and the task that a call of unknown meaning names in the published way, or its place."""
    given: dict[str, str] = {}
    for place, word in enumerate(words):
        flag, equals, value = word.partition("=")
        name = flag.lower().replace("_", "-") if flag.startswith("--") else flag if equals else ""
        following = "".join(words[place + 1 : place + 2])
        given.setdefault(name, value if equals else "" if following.startswith("-") else following)
    found = {key: given.get(flag, "") or given.get(key, "") for key, flag in _NAMED.items()}
    task = found["TASK_ID"] or given.get("--task", "") or given.get("TASK", "")
    task = task or os.environ.get("TASK_ID", "") or os.environ.get("TASK", "")
    return (found["ROLE"] or os.environ.get("ROLE", "")).strip(), task.strip()


def _own_call(asked: Asked) -> tuple[str, list[str]]:
    """Return the tool that answers, and its words."""
    entry, call = asked.read_whole()
    if not call.tool and entry.subcommand in (asked.table.get(entry.script) or {}):
        message = f"{entry.said} is left to its script, which has the work of this lane no longer"
        raise FairwayError("usage", message, f"edit compat/profile.toml: under {entry.place()} say which tool does it")
    if not call.tool:
        from fairway_scripts.cutover.door.unknown_calls import explain

        explain(asked)
    if call.untranslated:
        from fairway_scripts.cutover.door.entries import not_read

        raise not_read(entry, call.untranslated)
    return call.tool, call.own_words()


def missing_original(script: str, role: str) -> FairwayError:
    """Return the refusal of a call that the original should answer."""
    lane = f"lane {role}" if role else "this call"
    return FairwayError(
        "missing_dependency",
        f"{lane} is answered by the original {script}, which is not there",
        suggest("parity-report", "status"),
        script=script,
    )
