"""The one exception of the suite, its stable words and the exit code of each word; and `suggest`, which makes hints.

A hint is spelled from the table of tools, as the call was: whoever answers the call hands over how (`Call.spelling`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    from fairway_scripts.base.paths import Repository

OK = 0
REFUSED = 1
UNAVAILABLE = 2
NOT_FOUND = 3
CONFLICT = 4
INTERRUPTED = 130
READER_GONE = 141

#: word -> exit code. A word, once released, keeps its meaning: callers behind make see only the word.
EXIT_CODES: dict[str, int] = {
    # the answer is no
    "invalid_config": REFUSED,
    "invalid_queue": REFUSED,
    "nothing_ready": REFUSED,
    "reason_required": REFUSED,
    "evidence_required": REFUSED,
    "review_required": REFUSED,
    "preflight_failed": REFUSED,
    "not_merge_ready": REFUSED,
    "git_inconsistent": REFUSED,
    "verify_failed": REFUSED,
    "unhealthy": REFUSED,
    "packet_incomplete": REFUSED,
    "proof_failed": REFUSED,
    "launch_failed": REFUSED,
    "watch_failed": REFUSED,
    "invalid_packs": REFUSED,
    "not_approved": REFUSED,
    "secret_found": REFUSED,
    "command_failed": REFUSED,
    "evidence_changed": REFUSED,
    "invalid_document": REFUSED,
    "ci_failed": REFUSED,
    "gates_missing": REFUSED,
    "graduation_refused": REFUSED,
    "release_incomplete": REFUSED,
    "deploy_differs": REFUSED,
    "uat_incomplete": REFUSED,
    "parity_mismatch": REFUSED,
    "tracker_findings": REFUSED,
    # the command cannot run
    "usage": UNAVAILABLE,
    "git_unavailable": UNAVAILABLE,
    "missing_dependency": UNAVAILABLE,
    "backend_unavailable": UNAVAILABLE,
    "store_unavailable": UNAVAILABLE,
    "store_busy": UNAVAILABLE,
    "store_newer": UNAVAILABLE,
    "store_outdated": UNAVAILABLE,
    "store_damaged": UNAVAILABLE,
    "store_lost": UNAVAILABLE,
    "file_unavailable": UNAVAILABLE,
    "deadline_passed": UNAVAILABLE,
    "tracker_unavailable": UNAVAILABLE,
    "internal": UNAVAILABLE,
    # no such thing
    "not_found": NOT_FOUND,
    # conflict or broken invariant
    "already_claimed": CONFLICT,
    "not_ready": CONFLICT,
    "wrong_lane": CONFLICT,
    "invalid_transition": CONFLICT,
    "self_review": CONFLICT,
    "fence_outdated": CONFLICT,
    "request_reused": CONFLICT,
    "already_exists": CONFLICT,
    "undo_refused": CONFLICT,
    "unreviewed_commits": CONFLICT,
    "session_live": CONFLICT,
    "live_repository": CONFLICT,
    "file_owned": CONFLICT,
    "cycle": CONFLICT,
    "watcher_refused": CONFLICT,
    "waiver_refused": CONFLICT,
    "store_foreign": CONFLICT,
    "store_moved": CONFLICT,
    "config_foreign": CONFLICT,
}


class Hint(str):
    """A command line that runs as it is printed; `argv` are its words."""

    __slots__ = ("argv",)

    argv: list[str]


def with_words(value: Any) -> Any:
    """JSON-ready `value` with `argv`, the words of the line, beside every command line in it: a fix, a next step.

    A fix that is a sentence gets none. An object that has an `argv` keeps its own.
    """
    if isinstance(value, list):
        return [with_words(entry) if isinstance(entry, (dict, list)) else entry for entry in value]
    told: dict[str, object] = {}
    words: list[str] | None = None
    for name, entry in value.items():
        if isinstance(entry, (dict, list)):
            told[name] = with_words(entry)
        else:
            told[name] = entry
            if isinstance(entry, Hint):
                words = words or entry.argv
    return told if words is None else {"argv": words, **told}


class Call:
    """The call that is answered: its tool, its words, and `make` when it came through a make target, else ""."""

    __slots__ = ("spelling", "stands_in", "tool", "via", "words")

    def __init__(self) -> None:
        #: gives what spells hints (`calls.hints`), loaded with the first one; None where nobody answers a call
        self.spelling: Callable[[], ModuleType] | None = None
        self.begin("", [], "")

    def begin(self, tool: str, words: list[str], via: str) -> None:
        """Remember what was called, from which hints are made."""
        self.tool, self.words, self.via = tool, words, via
        #: the working folder and its repository as the front door found them, for who asks next (base/paths.py)
        self.stands_in: tuple[str, Repository | None] | None = None

    def hint(self, form: str, *given: object) -> Hint:
        """A hint of one form of the spelling; an empty one for whoever uses this package without making a call."""
        if self.spelling is None:
            hint = Hint()
            hint.argv = []
            return hint
        spelled: Hint = getattr(self.spelling(), form)(*given)
        return spelled


#: The call of this process; `entry` fills it in.
CALL = Call()


def suggest(tool: str, *words: str, **values: object) -> Hint:
    """Make a hint: the command line of a tool, spelled as this call was and fit to be pasted.

    `values` are make variables (`TASK_ID="B-1"`): None asks the reader for the value (`<task-id>`), "" and False leave
    the variable out, True is a switch. `words` stand before the flags. Returns the line, with its words as `argv`.
    It never supplies proof: a typed verdict, result or sign-off is asked for, whatever its value here.
    """
    return CALL.hint("tool_line", tool, words, values)


def suggest_in_document(tool: str, *words: str, **values: object) -> Hint:
    """Make a line for a document that others read later: always for make, whatever this call was; see `suggest`.

    A document of the same inputs is the same bytes, so nothing of the call goes into it.
    """
    return CALL.hint("document_line", tool, words, values)


def suggest_again(args: object, **changes: object) -> Hint:
    """Make a hint: this call once more, with other or further values; see `suggest`.

    Proof that its caller typed (a verdict, the result of a command, a sign-off) is asked for again, not repeated.
    """
    return CALL.hint("same_line", args, changes)


def suggest_call(**changes: object) -> Hint | str:
    """Make a hint where the arguments are not at hand: the call that is answered once more, with `changes`.

    As `suggest_again`: None asks for a value, "" and False leave a variable out. A call with words of its own gets the
    line of its help; where nobody called (a function in a test) it is empty.
    """
    return CALL.hint("call_line", changes)


def suggest_program(*argv: str) -> Hint:
    """Make a hint: the command line of another program, such as git, quoted for a shell."""
    return CALL.hint("program_line", argv)


class FairwayError(Exception):
    """A refusal that a person or an agent can act on.

    `word` is the stable name (a key of `EXIT_CODES`), `message` says what is wrong and where (an id or
    `file:line`), `hint` is the one command that mends it (made by `suggest`) or a sentence where no command does,
    `details` are JSON-ready extras for `--json`.
    """

    def __init__(self, word: str, message: str, hint: str = "", **details: object) -> None:
        if word not in EXIT_CODES:
            raise ValueError(f"unknown error word {word!r}")
        super().__init__(message)
        self.word = word
        self.message = message
        self.hint = hint
        self.details = details

    @property
    def exit_code(self) -> int:
        """The process exit code that this refusal ends with."""
        return EXIT_CODES[self.word]

    def as_json(self, tool: str = "") -> dict[str, object]:
        """The error as one JSON-ready object: schema, tool, exit_code, word, message, hint, argv, details.

        `argv` are the words of a hint that can be run, else none.
        """
        told: dict[str, object] = {
            **self.details,
            "schema": "error/1",
            "tool": tool,
            "exit_code": self.exit_code,
            "word": self.word,
            "message": self.message,
            "hint": self.hint,
            "argv": list(getattr(self.hint, "argv", ())),
        }
        found: dict[str, object] = with_words(told)
        return found
