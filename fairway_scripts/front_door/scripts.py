"""Answering a call under an older script's name."""

from __future__ import annotations

import gc
import os

from fairway_scripts import handover, paths
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.front_door.names import KEEPS_RECORD, SCRIPTS, place_of, plain, subcommands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.paths import Repository

_HELP = ("-h", "--help", "help")


def answer_script(argv: list[str]) -> tuple[str, list[str]]:
    """What `compat-call SCRIPT WORD...` comes to: the tool and its words, when this side answers.

    SCRIPT is a name or the path of the shim. A call that the original answers does not come back: this process
    becomes the original. Raises FairwayError `usage` (a name or subcommand that is not known), `missing_dependency`
    (the original should answer and is not there), and SystemExit 0 after a list of subcommands.
    """
    place, script = os.path.split(argv[0])
    if script not in SCRIPTS:
        raise FairwayError("usage", f"{script!r} is none of the scripts: {', '.join(sorted(SCRIPTS))}")
    words = argv[1:]
    forced = os.environ.get("FAIRWAY_LEGACY", "0") not in ("", "0")
    repository = paths.find_repository(place or os.getcwd())
    data: dict[str, Any] | None = None
    if forced and repository is None:
        raise missing_original(place_of(script), "")
    if forced:
        data = {}
    elif repository is not None and os.environ.get("FAIRWAY_ENGINE") != handover.FAIRWAY:
        data = handover.load(repository.common_dir)
    if data is not None and repository is not None:
        _pass_on(data, script, words, repository, forced=forced)
    gc.enable()  # compat-call begins without
    return _own_call(data, script, words)


def _pass_on(data: dict[str, Any], script: str, words: list[str], repository: Repository, *, forced: bool) -> None:
    """Let the original answer when its engine says so; come back otherwise."""
    engine = handover.LEGACY if forced else _only_engine(data)
    renamed = script in (data.get("flags") or {})
    if not engine and not renamed and _engine_at_a_glance(data, words, repository) == handover.LEGACY:
        engine = handover.LEGACY
    call: dict[str, Any] = {}
    if engine != handover.LEGACY:
        call = _read_call(data, script, words)
        engine = engine or _engine(data, call, repository)
    if engine == handover.FAIRWAY:
        return
    from fairway_scripts.front_door.passing import original_in, replace_process

    path = original_in(data, place_of(script), repository)
    if not path:
        if script in KEEPS_RECORD or forced:
            raise missing_original(place_of(script), call.get("role", ""))
        return
    argv = [*handover.command(path), *words]
    if engine == handover.SHADOW and call["tool"]:
        from fairway_scripts.front_door.shadow import is_shadowed, run_shadowed

        if is_shadowed(call["tool"], call["own_argv"]):
            del call["given"]
            run_shadowed({**call, "script": script, "argv": argv}, {}, repository)
    replace_process(argv, {})


def _only_engine(data: dict[str, Any]) -> str:
    """The engine of every lane when there is but one, "" otherwise."""
    return handover.engine_of_call(data, handover.OTHER_LANES, str) if _is_uniform(data) else ""


def _engine_at_a_glance(data: dict[str, Any], words: list[str], repository: Repository) -> str:
    """The engine of a call in the plainest form (`claim --role B-ui --task-id B-1`), "" for every other.

    Reading the words whole needs the table of variables, which takes longer than the original may be kept waiting.
    """
    given: dict[str, str] = {}
    if not words or words[0].startswith("-") or "=" in words[0]:
        return ""
    rest = iter(words[1:])
    for word in rest:
        flag, equals, value = word.partition("=")
        if not flag.startswith("--") or flag in ("--", "--db", "--queue-db", "--queue_db"):
            return ""
        value = value if equals else next(rest, "-")
        if value.startswith("-"):
            return ""
        given[flag.replace("_", "-")] = value.strip()
    role, task = given.get("--role", ""), given.get("--task-id", "")
    if "--task" in given or not (role or task):
        return ""
    from fairway_scripts.front_door.lanes import lane_of_task

    return handover.engine_of_call(data, role, lambda: lane_of_task(data, task, [], repository))


def _is_uniform(data: dict[str, Any]) -> bool:
    other = handover.engine_of(data, handover.OTHER_LANES)
    return all(engine == other for engine in (data.get("engines") or {}).values())


def _read_call(data: dict[str, Any], script: str, words: list[str]) -> dict[str, Any]:
    """The tool, its words and the lane and task of a call; the tool is "" for a subcommand that is not known."""
    from fairway_scripts.front_door.words import lane_and_task, own_words, split_subcommand

    known = subcommands(data, script)
    own = own_words(words, (data.get("flags") or {}).get(script))
    entry, rest = "", own
    word, others = split_subcommand(own)
    if word and plain(word) in known:
        entry, rest = known[plain(word)], others
    elif "" in known:
        entry = known[""]
    tool, *fixed = entry.split() or [""]
    role, task = lane_and_task(tool, rest)
    return {"tool": tool, "own_argv": [*fixed, *rest], "role": role, "task_id": task, "given": bool(rest)}


def _engine(data: dict[str, Any], call: dict[str, Any], repository: Repository) -> str:
    from fairway_scripts.front_door.lanes import lane_in_place, lane_of_task

    role = call["role"] or ("" if call["task_id"] else lane_in_place(call["tool"], repository))
    if not call["tool"] and not role and not call["task_id"]:
        return handover.LEGACY  # only the original can know what this is

    def lane() -> str:
        found = lane_of_task(data, call["task_id"], call["own_argv"], repository)
        call["role"] = "" if found == handover.OTHER_LANES else found
        return found

    return handover.engine_of_call(data, role, lane)


def _own_call(data: dict[str, Any] | None, script: str, words: list[str]) -> tuple[str, list[str]]:
    """The tool that answers, and its words."""
    call = _read_call(data or {}, script, words)
    if not call["tool"]:
        _explain(data, script, words)
    if not call["given"]:
        from fairway_scripts.catalog import find_tool
        from fairway_scripts.front_door.words import from_environment

        fed = any(entry[2] == "environment" for entry in handover.ORIGINALS.get(call["tool"], ()))
        call["own_argv"] += from_environment(find_tool(call["tool"]).all_variables, always=fed)
    return call["tool"], call["own_argv"]


def _explain(data: dict[str, Any] | None, script: str, words: list[str]) -> None:
    """Say which subcommands there are: as an answer when that was the question, else as a refusal."""
    known = sorted(word for word in subcommands(data, script) if word)
    if not known:
        message = f"no tool answers {script}; its original does: {place_of(script)} with FAIRWAY_LEGACY=1"
        raise FairwayError("usage", message, f"FAIRWAY_LEGACY=1 {place_of(script)}")
    usage = f"{script} {'|'.join(known)} [--flag VALUE ...]"
    if any(word in _HELP for word in words):
        print(f"usage: {usage}")  # noqa: T201 - the answer itself
        raise SystemExit(0)
    bare = next((word for word in words if not word.startswith("-")), "")
    said = f"{bare!r} is no subcommand of {script}" if bare else f"{script} needs a subcommand"
    raise FairwayError("usage", f"{said}; known: {', '.join(known)}", f"{place_of(script)} {known[0]} --help")


def missing_original(script: str, role: str) -> FairwayError:
    """The refusal of a call that the original should answer."""
    lane = f"lane {role}" if role else "this call"
    return FairwayError(
        "missing_dependency",
        f"{lane} is answered by the original {script}, which is not there",
        suggest("compat-status"),
        script=script,
    )
