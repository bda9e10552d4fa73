"""`run(tool)`: finds the command, keeps the one error boundary, gives the exit code.

Exit codes: 0 done, 1 the answer is no, 2 the command cannot run, 3 not found, 4 conflict, 130 interrupted,
141 the reader of standard output went away.
"""

from __future__ import annotations

import os
import sys

from fairway_scripts.base.errors import CALL, INTERRUPTED, OK, READER_GONE, FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import NoReturn

    from fairway_scripts.calls.command_line import Arguments

#: Set by make/fairway.mk: hints of such a call are lines for make.
VIA = "FAIRWAY_VIA"
#: The one command over all tools: its first words say which tool is meant, and hints of such a call say it too.
_UMBRELLA = "fairway"
_GONE = "its reader went away"
#: What the stand-ins of older scripts call: no tool, but the door to all of them.
STAND_INS_CALL = "compat-call"
#: Tools with words that have flags of their own.
_WORDED = {
    "parity-report": ("run", "keep", "explain", "status"),
    "fairway-tracker": ("list", "import", "link", "unlink", "export", "reconcile"),
}
#: Refusals of what a call left out: whether what it names exists is asked before them.
_LEFT_OUT = ("usage", "reason_required")


def _hints() -> ModuleType:
    from fairway_scripts.calls import hints

    return hints


def run(name: str, argv: list[str] | None = None) -> int:
    """Run a tool with its arguments (default: this process's) and return the exit code.

    Raises ModuleNotFoundError for a missing third-party package, so that the caller can start again elsewhere.
    """
    words = sys.argv[1:] if argv is None else argv
    CALL.spelling = _hints
    if name != STAND_INS_CALL:
        _prepare()
    # taken out of the environment, so that nothing which this call starts is taken for a call of make
    via = os.environ.pop(VIA, "")
    CALL.begin(name, words, via)
    code = OK
    try:
        if name == _UMBRELLA:
            from fairway_scripts.calls.umbrella import resolve

            via = via or _UMBRELLA
            CALL.begin(name, words, via)
            name, words = resolve(words)
            CALL.begin(name, words, via)
        code = _answer(name, words)
        sys.stdout.flush()
    except FairwayError as refusal:
        return _refuse(refusal, words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as leaving:  # argparse, after --help
        return leaving.code if isinstance(leaving.code, int) else OK
    except ModuleNotFoundError as fault:
        if _has_written():
            return _refuse(_internal(fault), words)
        if via:
            os.environ[VIA] = via  # the next interpreter makes hints too
        raise
    except Exception as fault:  # noqa: BLE001 - the boundary: whatever else happens is a fault of ours
        return _answer_lost(name, words, code) if _is_stdout_broken(fault) else _refuse(_internal(fault), words)
    finally:
        CALL.begin("", [], "")
    return code


def _prepare() -> None:
    from fairway_scripts.base.streams import prepare

    prepare()


def _silence() -> None:
    from fairway_scripts.base.streams import silence

    silence()


def _answer(name: str, words: list[str]) -> int:
    if "FAIRWAY_UNREAD" in os.environ:
        from fairway_scripts.calls.options import remark
        from fairway_scripts.calls.typed_names import refuse_slips

        sys.stderr.writelines(remark("note", note) for note in refuse_slips(name))
    if words and words[0] in _WORDED.get(name, ()):
        name, words = f"{name} {words[0]}", words[1:]
    name, words = _through_front_door(name, words)
    module, args = _parsed(name, words)
    try:
        return _run(module, args)
    except FairwayError as refusal:
        if refusal.word not in _LEFT_OUT:
            raise
        from fairway_scripts.front.absent_things import absence

        raise absence(name, args) or refusal from None
    finally:
        # who starts again in another interpreter tells them there
        if getattr(args, "project_notes", None) and sys.exc_info()[0] is not ModuleNotFoundError:
            from fairway_scripts.calls.answer import tell_notes

            tell_notes(args)


def _run(module: ModuleType, args: Arguments) -> int:
    """Run a command; one that may last shows its progress where a person looks at standard error."""
    from fairway_scripts.catalog import LONG

    if args.tool in LONG and not args.json and sys.stderr.isatty():
        from fairway_scripts.base.progress import working

        with working(args.tool):
            return int(module.run(args))
    return int(module.run(args))


def _parsed(name: str, words: list[str]) -> tuple[ModuleType, Arguments]:
    """The command module of a tool and the arguments of the call."""
    from fairway_scripts.calls.command_line import parse
    from fairway_scripts.catalog import ACROSS, find_tool

    tool = find_tool(name)
    module = _command(tool.module)
    args: Arguments = parse(tool, words, module)
    return _command(ACROSS) if getattr(args, "all_projects", False) else module, args


def _command(module: str) -> ModuleType:
    return __import__(f"fairway_scripts.{module}", fromlist=["run"])


def _through_front_door(name: str, words: list[str]) -> tuple[str, list[str]]:
    """The tool and words that answer here; a call that an older script answers does not come back."""
    if name == STAND_INS_CALL:
        from fairway_scripts.cutover.door.script_door import answer_script

        try:
            name, words = answer_script(words)
        finally:
            _prepare()
        CALL.begin(name, words, CALL.via)  # hints are lines of the tool that answers
        return name, words
    from fairway_scripts.cutover.door.published_calls import ORIGINALS

    if name in ORIGINALS:
        from fairway_scripts.cutover.door.tool_door import divert

        divert(name, words, lambda: _values(name, words))
    return name, words


def _values(name: str, words: list[str]) -> dict[str, str]:
    """The make variables that a call gives: `{"TASK_ID": "B-1", "FORCE": "1"}`."""
    from fairway_scripts.calls.command_line import parse
    from fairway_scripts.calls.options import values_of
    from fairway_scripts.catalog import find_tool
    from fairway_scripts.cutover.door.tool_door import OWN_ARGUMENTS

    tool = find_tool(name)
    return values_of(tool, _parsed(name, words)[1] if name in OWN_ARGUMENTS else parse(tool, words, None))


def _is_stdout_broken(fault: Exception) -> bool:
    """Whether a fault is that standard output takes nothing any more: what is still in its buffer meets it again."""
    if not isinstance(fault, OSError):
        return False
    if isinstance(fault, BrokenPipeError) or fault is getattr(sys.stdout, "lost", None):
        return True
    try:
        sys.stdout.flush()
    except OSError:
        return True
    return False


def _answer_lost(name: str, words: list[str], code: int) -> int:
    """How a call ends whose answer could not be written; what it changed stands, and so does its exit code."""
    from fairway_scripts.catalog import find_tool

    why = _why_lost()
    _silence()
    if (name == STAND_INS_CALL or find_tool(name).mutates) and _has_written():
        return _said(f"the change was made, but its answer could not be written: {why}", code)
    if why == _GONE:
        return READER_GONE
    return _refuse(FairwayError("file_unavailable", f"standard output cannot be written: {why}"), words)


def _why_lost() -> str:
    met: OSError | None = getattr(sys.stdout, "lost", None)
    try:
        sys.stdout.flush()
    except OSError as problem:
        met = problem
    return _GONE if met is None or isinstance(met, BrokenPipeError) else met.strerror or str(met)


def _said(warning: str, code: int) -> int:
    from fairway_scripts.calls.options import remark

    sys.stderr.write(remark("warning", warning))
    sys.stderr.flush()
    return code


def _refuse(refusal: FairwayError, words: list[str]) -> int:
    from fairway_scripts.calls.options import wants_json

    if refusal.word == "usage" and not refusal.hint and CALL.tool:
        refusal.hint = suggest(CALL.tool, "--help")
    try:
        sys.stdout.flush()
    except OSError:
        _silence()
    if wants_json(words):
        from fairway_scripts.calls.published import json_of, published

        told = {"findings": [], **published(refusal.as_json(CALL.tool), word=refusal.word)}
        sys.stderr.write(json_of(told, pretty=False))
    else:
        trace = refusal.details.get("traceback")
        sys.stderr.writelines(f"{line}\n" for line in (trace if isinstance(trace, list) else ()))
        sys.stderr.write(f"error: {refusal.word}: {refusal.message}\n")
        if refusal.hint:
            sys.stderr.write(f"hint: {refusal.hint}\n")
    sys.stderr.flush()
    return refusal.exit_code


def _has_written() -> bool:
    """Whether the store was changed already, so that the command must not be run again by another interpreter."""
    connection = sys.modules.get("fairway_scripts.store.contract")
    return connection is not None and bool(connection.Store.has_written)


def _internal(fault: Exception) -> FairwayError:
    from fairway_scripts.front.unforeseen import refusal_of

    return refusal_of(fault)


def __getattr__(name: str) -> Callable[[], int]:
    """One entry point a tool for installed console scripts: `entry:queue_ready` runs `queue-ready`."""
    if name.startswith("__"):  # the import system asks for __path__, which must not cost the whole catalogue
        raise AttributeError(name)
    tool = name.replace("_", "-")
    if tool != STAND_INS_CALL:
        from fairway_scripts.catalog import find_tool

        try:
            find_tool(tool)
        except KeyError:
            raise AttributeError(name) from None
    return lambda: leave(_run_installed(tool))


def leave(code: int) -> NoReturn:
    """End at once: taking the interpreter down in order costs milliseconds and does nothing for us."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = READER_GONE
    os._exit(code)


def _run_installed(tool: str) -> int:
    """Run a tool of an installed package; there is no other interpreter to try when a dependency is missing."""
    try:
        return run(tool)
    except ModuleNotFoundError as missing:
        from fairway_scripts.base.extras import install_line

        message = f"the Python package {missing.name} is missing"
        refusal = FairwayError("missing_dependency", message, install_line())
        CALL.begin(tool, sys.argv[1:], "")
        return _refuse(refusal, sys.argv[1:])
