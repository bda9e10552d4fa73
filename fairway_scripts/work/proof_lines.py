"""Lines that ask for proof: evidence comes from a command that is run, a verdict from the lane that must read."""

from __future__ import annotations

from fairway_scripts.base.errors import suggest, suggest_in_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.base.errors import Hint


def evidence_line(task_id: str, acceptance: Sequence[str] = (), *, worktree: str = "", document: bool = False) -> Hint:
    """The line that runs the first acceptance check of a task that names a program, and keeps how it went as evidence.

    Without one the command is asked for. `worktree` is where the work is, if that is not where the caller stands
    (`work_place.elsewhere`); `document` spells it for a document (`errors.suggest_in_document`).
    """
    from fairway_scripts.base.words.program_names import names_a_program

    command = next((check for check in acceptance if names_a_program(check)), None)
    make = suggest_in_document if document else suggest
    return make("watcher-run", TASK_ID=task_id or None, COMMAND=command, WORKTREE=worktree)


def review_asked_line(task_id: str, ref: str) -> Hint:
    """The line that asks a lane for a review where no rule names one: the caller says which lane, and why."""
    return suggest("queue-route-review", TASK_ID=task_id, REF=ref or None, REVIEWER_ROLE=None, REASON=None)


def reading_asked(lanes: Sequence[str], commit: str) -> str:
    """Whose verdict on a commit is missing, as a sentence: reading is theirs, so no line of ours can stand for it."""
    named = " and ".join(lanes)
    verb, own = ("reads", "its") if len(lanes) == 1 else ("read", "their")
    return f"{named} {verb} {commit[:12]} and {'records' if len(lanes) == 1 else 'record'} {own} verdict"
