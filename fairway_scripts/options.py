"""Command-line building blocks: every make variable as a flag, and what holds for parsed arguments.

A flag is the make variable in lower case with dashes (`TASK_ID` -> `--task-id`). `--flag=` with nothing behind it
means the same as leaving the flag out, so that `make queue-ready ROLE=$(ROLE)` works with an empty ROLE; only an
empty TASK_ID is refused, because "no task named" would mean "any task" to queue-claim.
"""

from __future__ import annotations

from fairway_scripts import packet_options
from fairway_scripts.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from fairway_scripts.catalog import Tool

FORMATS = ("text", "json", "ids", "tsv", "yaml")

#: make variable -> (metavar, help). The order is the order of `--help`.
VALUES: dict[str, tuple[str, str]] = {
    "ROLE": ("LANE", "the lane; default: AGENT_ROLE, the branch agent/<lane>, or the worktree you are in"),
    "OWNER": ("NAME", "who works on the task (free text)"),
    "TASK_ID": ("ID", "the task"),
    "STATUS": ("WORD", "the status, or the verdict of a review"),
    "BRANCH": ("NAME", "the branch that holds the work"),
    "COMMIT": ("SHA", "the commit that is meant"),
    "REF": ("REF", "the commit, branch or tag to look at"),
    "BASE": ("REF", "what REF is compared with; default: origin/<main branch>, else <main branch>"),
    "LIMIT": ("N", "at most N rows"),
    "PRIORITY": ("N", "a priority, 1 is the most urgent; in a list: only priorities up to N"),
    "IN": ("ID", "only descendants of this task"),
    "SINCE": ("WHEN", "only what happened since: a time, a date, or an age such as 12h"),
    "COMMAND_TEXT": ("TEXT", "the command that was run"),
    "RESULT": ("WORD", "pass, fail, partial, skipped or blocked"),
    "ARTIFACT_PATH": ("PATH", "a file that proves the result; its sha256 and size are recorded"),
    "ARTIFACT_TYPE": ("WORD", "what the artifact is: command_log, ci_pipeline, screenshot, trace, ..."),
    "DURATION_SECONDS": ("N", "how long the command ran"),
    "PRODUCER": ("WORD", "who produced it: runner (a tool ran the command) or claim (somebody says so)"),
    "COMMANDS": ("TEXT", "the commands that were run"),
    "RESULTS": ("TEXT", "what they gave"),
    "CHANGED_FILES": ("TEXT", "the files that were changed"),
    "RISKS": ("TEXT", "what may still go wrong"),
    "BLOCKERS": ("TEXT", "what stands in the way"),
    "NEXT_STEP": ("TEXT", "what comes next"),
    "TO_ROLE": ("LANE", "the lane that takes over"),
    "HANDOFF_ID": ("N", "one handoff; default: every open one of the task"),
    "REVIEWER_ROLE": ("LANE", "the lane that reviews"),
    "REVIEWER": ("NAME", "who reviews (free text)"),
    "PATHS": ("PATH", "look at these paths instead of what REF changes (repeatable)"),
    "BLOCKED_REASON": ("TEXT", "why the task is blocked"),
    "REASON": ("TEXT", "why"),
    "NOTE": ("TEXT", "a note; @file reads it from a file"),
    "NOTES": ("TEXT", "notes; @file reads them from a file"),
    "NOTE_FILE": ("FILE", "read the note from this file"),
    "NOTES_FILE": ("FILE", "read the notes from this file"),
    "PROFILE": ("WORD", "of a check: minimal or strict (the authoring standard); of a task: its workstream"),
    "FROM": ("FILE", "the backup or snapshot to restore"),
    "OUTPUT": ("FILE", "write to this file instead of standard output"),
    "TASKS": ("N", "how many tasks"),
    "SEED": ("N", "the seed: the same seed gives the same file"),
    "COMMITS": ("SHAS", "the commits that done tasks carry, separated by commas"),
    "WORKTREE_ROOT": ("FOLDER", "where lane worktrees lie, from the main checkout; default: worktrees.root"),
    "FIELD": ("WORD", "only this field, bare"),
    "PRESET": ("WORD", "gpuaas or default"),
    "TOPIC": ("TOOL", "one tool"),
    "SESSION_ID": ("ID", "the session; default: FAIRWAY_SESSION_ID"),
    "BACKEND": ("WORD", "how the session is attached: shell, tmux, zellij, manual or codex-api"),
    "PROVIDER": ("NAME", "who works in the session (codex, claude ...); default: the lane's provider"),
    "PROVIDER_COMMAND": ("TEXT", "the command that starts the provider, with placeholders such as {task_id}"),
    "PROMPT": ("TEXT", "what {prompt} stands for in the provider's command"),
    "PACKET": ("FILE", "what {packet} stands for in the provider's command"),
    "LANE": ("TEXT", "a label inside the lane, such as C-ops/watch"),
    "SESSION_NAME": ("NAME", "the name of the terminal session"),
    "PID": ("N", "the provider's process; it is kept with its start"),
    "HOST": ("NAME", "the host on which the process runs; default: this one"),
    "TMUX_PANE": ("ID", "the pane in which the provider runs"),
    "TRANSCRIPT_PATH": ("FILE", "where the session's transcript is"),
    "WORKTREE": ("DIR", "the worktree of the session; default: the lane's"),
    "EXTERNAL_ID": ("ID", "the provider's own thread or run"),
    "EXIT_CODE": ("N", "the exit code of the provider"),
    "CLEAR": ("NAMES", "entries to empty, such as TASK_ID,PID"),
    "STATE": ("WORD", "the state"),
    "SUMMARY": ("TEXT", "what there is to say, in a sentence"),
    "TRACK_ID": ("ID", "a line of work that is no task (free text)"),
    "TARGET_CLOSE_BY": ("DATE", "the day or time by which it should be closed, or from now: 2d"),
    "BEFORE": ("DATE", "count a target that lies before this day or time as missed; default: today"),
    "WATCH_ID": ("ID", "the watcher"),
    "PROCESS": ("TEXT", "what is watched, in words"),
    "COMMAND": ("TEXT", "the command that shows how it stands"),
    "SUCCESS_CONDITION": ("TEXT", "what means success; to be run: exit:0 (or exit:0,3) or /pattern/"),
    "FAILURE_CONDITION": ("TEXT", "what means failure; to be run: exit:1 or /pattern/"),
    "ALLOWED_FIXES": ("TEXT", "the narrow fixes that a watcher may make by itself"),
    "MUST_NOT_TOUCH": ("TEXT", "what must stay as it is: path patterns, one a line or between commas, or words"),
    "ESCALATION_RULES": ("TEXT", "when to stop and whom to ask"),
    "EXPECTED_DURATION": ("SPAN", "how long it should take (20m, 1h30m); later without news it is stale"),
    "POLL_INTERVAL": ("SPAN", "how often to look (30s, 5m)"),
    "CLOSE_CONDITION": ("TEXT", "when the watcher is to be closed"),
    "EVIDENCE_REQUIRED": ("TEXT", "what has to be recorded"),
    "FAILURE_CLASS": (
        "WORD",
        "expected_transient, known_flaky_lane, owning_layer_defect, environment_blocker or scope_expansion",
    ),
    "TIMEOUT": ("SPAN", "stop after this long (30m); default: EXPECTED_DURATION, else watchers.timeout"),
    "PACK_ID": ("ID", "the regression pack"),
    "CATALOG": ("FILE", "the catalogue of packs; default: regression_packs.catalog in the main checkout"),
    "ENVIRONMENT": ("NAME", "where it runs or ran, such as staging"),
    "TITLE": ("TEXT", "what the task is, in one line"),
    "KIND": ("WORD", "what sort of task it is: epic, story, task, bug, ...; default: the configured one"),
    "PARENT": ("ID", "the task that it is a part of"),
    "SEQUENCE": ("N", "its place among tasks of one priority"),
    "DEPENDENCIES": ("IDS", "the tasks that have to be finished first, separated by commas"),
    "ACCEPTANCE": ("TEXT", "a command that checks it (repeatable; one a line)"),
    "OWNING_DOMAIN": ("WORD", "the domain that owns what is changed"),
    "OWNING_LAYER": ("WORD", "the layer that owns what is changed"),
    "SOURCE_PATHS": ("PATHS", "what it starts from, separated by commas"),
    "TARGET_PATHS": ("PATHS", "what it changes, separated by commas"),
    "REVIEW_DOMAINS": ("WORDS", "the domains that have to review it, separated by commas"),
    "RISK_LEVEL": ("WORD", "how risky it is"),
    "MIGRATION_TYPE": ("WORD", "which sort of migration it is"),
    "TAGS": ("WORDS", "free labels, separated by commas"),
    "FROM_TASK": ("ID", "the task that it comes from; default: FAIRWAY_TASK_ID, or the one that your session works on"),
    "PLACE": ("WORD", "child, sibling or root: where it goes from there; default: sibling"),
    "DEPTH": ("N", "at most N levels"),
    "REQUEST_ID": ("ID", "a name for this call: repeating it changes nothing and gives the first answer"),
    "FENCE": ("N", "the fence number of your claim: refused when somebody has claimed the task since"),
    "ACTOR": ("NAME", "who runs the command; default: the session, else user@host"),
    "QUEUE_FILE": ("FILE", "the queue file; default: the one of the coordinator checkout"),
    "QUEUE_DB": ("FILE", "the store; default: fairway/queue.db in the shared git directory"),
    "FORMAT": ("WORD", "text, json, ids, tsv or yaml (as far as the tool knows it)"),
}
SWITCHES: dict[str, str] = {
    "FORCE": "go past a check; where it refuses, REASON is needed; it is recorded",
    "REOPEN": "leave a finished status; needs REASON",
    "DRY_RUN": "show what would happen and change nothing",
    "EXPLAIN": "also list every waiting task with what it waits for",
    "ALL": "show everything: archived tasks, withdrawn records, long lists in full, suppressed findings",
    "CLAIM": "claim the task for the session once the provider runs",
    "FOREGROUND": "run the provider in this terminal and wait for it (backend shell)",
    "STOP": "also end what the backend started",
    "YES": "really do what is otherwise only shown",
    "JSON": "print JSON",
}
VALUES = {**packet_options.VALUES, **VALUES}
SWITCHES = {**SWITCHES, **packet_options.SWITCHES}
#: Other names for the same flag.
ALIASES: dict[str, tuple[str, ...]] = {
    "TASK_ID": ("--task",),
    "NOTE": ("--notes",),
    "NOTES": ("--note",),
    "NOTE_FILE": ("--notes-file",),
    "NOTES_FILE": ("--note-file",),
    "ARTIFACT_PATH": ("--artifact",),
    "PATHS": ("--path",),
    "DEPENDENCIES": ("--depends-on",),
    "ACCEPTANCE": ("--acceptance-check", "--acceptance-checks"),
    "PARENT": ("--parent-id",),
    "QUEUE_DB": ("--db",),
    "SESSION_ID": ("--id", "--session"),
    "SESSION_NAME": ("--name",),
    "TRANSCRIPT_PATH": ("--transcript",),
    "PROMPT": ("--initial-prompt",),
}
#: The same as make variables.
VARIABLE_ALIASES: dict[str, tuple[str, ...]] = {
    "TASK_ID": ("TASK",),
    "NOTE": ("NOTES",),
    "NOTES": ("NOTE",),
    "ARTIFACT_PATH": ("ARTIFACT",),
    "NOTE_FILE": ("NOTES_FILE",),
    "NOTES_FILE": ("NOTE_FILE",),
}
#: Attributes of the parsed arguments whose plain name is a word of Python.
ATTRIBUTES = {"IN": "inside", "FROM": "source", "ALL": "everything"}
REPEATABLE = ("PATHS", "ACCEPTANCE")
#: Values that turn a switch off: make can only pass a switch with a value.
FALSE = ("", "0", "false", "no", "off")


def flag(variable: str) -> str:
    """The flag of a make variable: `TASK_ID` -> `--task-id`."""
    return "--" + variable.lower().replace("_", "-")


def attribute(variable: str) -> str:
    """The attribute of the parsed arguments that holds a variable: `TASK_ID` -> `task_id`, `IN` -> `inside`."""
    return ATTRIBUTES.get(variable, variable.lower())


def flags(variable: str, names: list[str]) -> list[str]:
    """Every flag of a variable in a tool that takes `names`: an alias gives way to a variable of that name."""
    others = (alias for alias in ALIASES.get(variable, ()) if alias[2:].upper().replace("-", "_") not in names)
    return [flag(variable), *others]


def parser_for(tool: Tool) -> argparse.ArgumentParser:
    """The argparse parser of a tool: help texts and every message about a wrong command line come from it."""
    from fairway_scripts.command_line import parser_for as build

    return build(tool)


def settle(tool: Tool, args: Any, argv: list[str]) -> Any:
    """What parsed arguments still need: one TASK_ID, the format, files read in, texts checked.

    Raises FairwayError `usage` or `file_unavailable`.
    """
    if "TASK_ID" in tool.all_variables:
        _settle_task_id(tool, args, argv)
    _settle_format(args)
    _read_files(args)
    for name, value in vars(args).items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                _refuse_broken_text(name, text)
    args.tool = tool.name
    return args


def _settle_task_id(tool: Tool, args: Any, argv: list[str]) -> None:
    if not tool.task_first:
        args.task_id_given = None
    elif hasattr(args, "words"):  # the tool takes plain words of its own and sorts them out itself
        args.words.insert(0, args.task_id_given or "")
        args.task_id_given = None
    if args.task_id_given and args.task_id and args.task_id_given != args.task_id:
        raise FairwayError(
            "usage", f"two tasks are named: {args.task_id_given} and {args.task_id}", f"{tool.name} --help"
        )
    named = any(token.split("=", 1)[0] in ("--task-id", "--task") for token in argv) or args.task_id_given is not None
    args.task_id = (args.task_id_given or args.task_id).strip()
    if named and not args.task_id:
        raise FairwayError("usage", "TASK_ID is empty", f"{tool.name} --task-id ID")
    del args.task_id_given


def _settle_format(args: Any) -> None:
    word = args.format.strip().lower() or "text"
    if word not in FORMATS:
        raise FairwayError("usage", f"FORMAT {word!r} is none of {', '.join(FORMATS)}")
    args.json = args.json or word == "json"
    args.format = "json" if args.json else word


def _read_files(args: Any) -> None:
    """`NOTE_FILE=path` and `NOTE=@path` stand for the text of that file."""
    for name in ("note", "notes"):
        source = getattr(args, f"{name}_file", "")
        value = getattr(args, name, "")
        if not source and value.startswith("@") and len(value) > 1:
            source = value[1:]
        if source:
            setattr(args, name, _file_text(source))


def _file_text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as problem:
        raise FairwayError("file_unavailable", f"{path}: cannot be read: {problem}") from problem


def _refuse_broken_text(name: str, value: str) -> None:
    if "\0" in value:
        raise FairwayError("usage", f"{name.upper()} holds a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise FairwayError("usage", f"{name.upper()} is not valid UTF-8: {value[:60]!a}") from problem


def required(args: Any, *names: str) -> None:
    """Raise FairwayError `usage` naming every variable of `names` that was not given, with an example line."""
    missing = [name for name in names if not getattr(args, ATTRIBUTES.get(name, name.lower()))]
    if missing:
        from fairway_scripts.catalog import find_tool

        verb = "is" if len(missing) == 1 else "are"
        raise FairwayError("usage", f"{', '.join(missing)} {verb} required", find_tool(args.tool).example)


def number(args: Any, name: str, least: int = 0) -> int | None:
    """A whole number that was given as text, None when it was not given; raises FairwayError `usage`."""
    value = getattr(args, name.lower()).strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 15 or int(value) < least:
        raise FairwayError("usage", f"{name} {value!r} is not a whole number from {least}")
    return int(value)


def wants_json(argv: list[str]) -> bool:
    """Whether a call asked for JSON, judged without parsing it (it may be the parsing that failed)."""
    for position, token in enumerate(argv):
        name, equals, value = token.partition("=")
        if name == "--json" and (not equals or value.strip().lower() not in FALSE):
            return True
        if name == "--format" and (value if equals else "".join(argv[position + 1 : position + 2])).lower() == "json":
            return True
    return False
