"""One call of a tool inside this process, as data: what it answered, or how it was refused.

It is the tool itself that runs, behind the same boundary as when it is typed, as one transaction. What it prints is
taken up, so that nothing reaches the standard output of a server but its own protocol.
"""

from __future__ import annotations

import io
import os
import sys
import time

from fairway_scripts.base import jsonio, paths
from fairway_scripts.base.errors import CALL, OK, FairwayError, suggest
from fairway_scripts.calls.options import SWITCHES, VALUES, flag
from fairway_scripts.calls.umbrella import NAME, meaning
from fairway_scripts.catalog import find_tool
from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.published_calls import ORIGINALS
from fairway_scripts.front.entry import VIA, run
from fairway_scripts.store import kept_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: Tools that are no call among others: they serve, hand over to another program, or take the terminal.
_APART = frozenset((NAME, "fairway-batch", "fairway-mcp", "fairway-dashboard", "fairway-tui"))
#: Tools that reach the store's file through the store alone, so that it may stay open from one to the next.
STAYING = frozenset(
    (
        *("queue-ready", "queue-claim", "queue-release", "queue-set-status", "queue-task-detail", "queue-list"),
        *("queue-record-evidence", "queue-record-handoff", "queue-ack-handoff", "queue-record-review"),
        *("queue-merge-ready", "fairway-prime", "session-heartbeat"),
    )
)
_LEVELS = ("note", "warning", "output", "hint")
#: For how long a look at a lane's worktree holds where calls come in a row, in seconds.
LOOK_HOLDS = 1.0
#: When it was last seen of a working folder that nothing cuts over there.
_seen: dict[str, float] = {}


class Outcome:
    """How a call ended: its exit code, its answer (None where it printed no JSON), and what it told beside it."""

    __slots__ = ("answer", "code", "error", "remarks", "text", "told", "tool")

    def __init__(self, tool: str, code: int, out: str, err: str) -> None:
        self.tool, self.code, self.text, self.told = tool, code, out, err
        self.answer = _object(out)
        said = [_object(line) or _remark(line) for line in err.splitlines() if line]
        self.error = next((item for item in said if item.get("schema") == "error/1"), None)
        self.remarks = [item for item in said if item is not self.error]
        if self.error and "hint" not in self.error:
            self.error["hint"] = next((item["message"] for item in said if item.get("level") == "hint"), "")

    def as_json(self) -> dict[str, object]:
        """The outcome as one JSON-ready object: tool, exit_code, and answer, text, error, remarks where it has them."""
        found: dict[str, object] = {"tool": self.tool, "exit_code": self.code}
        if self.answer is not None:
            found["answer"] = self.answer
        elif self.text:
            found["text"] = self.text
        if self.error:
            found["error"] = self.error
        if self.remarks:
            found["remarks"] = self.remarks
        return found


def expect_many() -> None:
    """Spare calls in a row what each of them would do anew: looking at a lane's worktree, and opening the store.

    A look at a lane holds for `LOOK_HOLDS`: git is the slowest part of a claim.
    """
    from fairway_scripts.git import lane_state

    lane_state.hold_looks(LOOK_HOLDS)
    kept_open.keep()


def call(tool: str, words: list[str], *, as_json: bool = True, refusal: FairwayError | None = None) -> Outcome:
    """Run a tool (its name or its verb) with words as they are typed; never raises for what the call is.

    What it says beside its answer is JSON either way. A `refusal` stands for a call that could not be made.
    """
    if refusal is not None:
        return Outcome(tool, refusal.exit_code, "", jsonio.dumps(refusal.as_json(tool)))
    served = CALL.tool, CALL.words, CALL.via
    out, err = io.StringIO(), io.StringIO()
    kept = sys.stdout, sys.stderr
    name, code = tool, None
    sys.stdout, sys.stderr = out, err
    try:
        name, own = _meant(tool)
        if name not in STAYING:
            kept_open.let_go()
        words = [*own, *words]
        end = words.index("--") if "--" in words else len(words)
        if served[2] == NAME:  # what serves was called as `fairway ..`, and perhaps nothing else is on PATH
            os.environ[VIA] = NAME
        code = run(name, [*words[:end], *(["--json"] if as_json else []), *words[end:]])
    except (FairwayError, ModuleNotFoundError, OSError) as problem:
        refusal = _refusal(problem)
        code = refusal.exit_code
        err.write(jsonio.dumps(refusal.as_json(name)) + "\n")
    finally:
        os.environ.pop(VIA, None)
        sys.stdout, sys.stderr = kept
        kept_open.take_back(sound=code == OK)
        CALL.begin(*served)
    return Outcome(name, code, out.getvalue(), err.getvalue())


def _refusal(problem: Exception) -> FairwayError:
    if isinstance(problem, FairwayError):
        return problem
    if isinstance(problem, ModuleNotFoundError):
        return FairwayError("missing_dependency", f"the Python package {problem.name} is missing")
    return FairwayError("file_unavailable", f"the working folder cannot be read: {problem}")


def tool_of(word: str) -> str:
    """The tool of a name or verb. Raises FairwayError `not_found`, or `usage` for one that is no call among others."""
    return _meant(word)[0]


def _meant(word: str) -> tuple[str, list[str]]:
    """The tool of a name or verb, and the words that a verb such as `tracker list` puts first; see `tool_of`."""
    own: list[str] = []
    try:
        name = find_tool(word).name
    except KeyError:
        name, own = meaning(word.split())
    if not name or any(word.startswith("-") for word in own):
        raise FairwayError("not_found", f"there is no tool {word}", suggest("queue-help"))
    if name in _APART:
        raise FairwayError("usage", f"{name} is no call among others", suggest(name, "--help"))
    _refuse_cutover(name)
    return name, own


def words_of(arguments: Mapping[str, object]) -> list[str]:
    """Arguments by name (make variable or flag) as words: `{"task_id": "B-1", "force": true}`.

    Raises FairwayError `usage` for a value that is no text, number, truth value or list of those.
    """
    words = []
    for given, value in arguments.items():
        name = str(given).lstrip("-").upper().replace("-", "_")
        if name not in VALUES and name not in SWITCHES and not name.isidentifier():
            raise FairwayError("usage", f"{given!r} is no name of an argument")
        if isinstance(value, bool):
            words += [flag(name)] if value else []
        elif value is not None:
            items = value if isinstance(value, list) else [value]
            if not all(isinstance(item, (str, int, float)) for item in items):
                raise FairwayError("usage", f"{given} is neither text, a number, true, false nor a list of texts")
            words += [f"{flag(name)}={item}" for item in items]
    return words


def _refuse_cutover(tool: str) -> None:
    """Refuse a tool while its lanes cut over: the script that was there before would take this process over."""
    if tool not in ORIGINALS or os.environ.get("FAIRWAY_ENGINE") == handover.FAIRWAY:
        return
    here = os.getcwd()
    if time.monotonic() - _seen.get(here, -LOOK_HOLDS) < LOOK_HOLDS:
        return
    repository = paths.find_repository(here)
    if repository and handover.load(repository) is not None:
        message = "this repository cuts over from other scripts: its calls are made one by one"
        raise FairwayError("usage", message, suggest(tool, "--help"))
    _seen[here] = time.monotonic()


def _remark(line: str) -> dict[str, object]:
    """A line of standard error as text, as data: a refusal, or a remark with its level."""
    level, _, rest = line.partition(": ")
    if level == "error":
        word, _, message = rest.partition(": ")
        return {"schema": "error/1", "word": word, "error": word, "message": message}
    return {"level": level, "message": rest} if level in _LEVELS else {"level": "note", "message": line}


def _object(text: str) -> dict[str, object] | None:
    if not text.startswith("{"):
        return None
    try:
        found = jsonio.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
