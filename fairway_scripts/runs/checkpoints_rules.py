"""Checkpoints: where a task or a track stands, and when that is no longer news.

A track is a line of work without a task of its own. The latest checkpoint of a task or track decides; earlier ones
are its history (GPUaaS track policy: a side track that is under way needs a fresh checkpoint every day, otherwise it
is blocked or parked).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest, suggest_call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.runs.run_shapes import CheckpointStanding
    from fairway_scripts.store.rows import CheckpointRow

TASK, TRACK = "task", "track"
STATES = ("planned", "active", "awaiting_input", "review", "done", "parked", "abandoned")
CLOSED = ("done", "parked", "abandoned")
#: States in which nothing new is expected: somebody else has to act, or nobody.
_QUIET = ("awaiting_input", *CLOSED)
_DAY = len("2026-05-04")


def checked_state(word: str) -> str:
    """One of `STATES` (`active` for no word), `awaiting-input` and capitals included; raises FairwayError `usage`."""
    plain = word.strip().lower().replace("-", "_") or "active"
    if plain not in STATES:
        raise FairwayError(
            "usage", f"STATE {word!r} is none of {', '.join(STATES)}", suggest("checkpoint-record", "--help")
        )
    return plain


def checked_target(words: str, now: str) -> str:
    """A target in its stored form: a day (`2026-05-04`) or a time; "" for no words.

    Takes a day, a time or a span from `now` (`2d`, `36h`). Raises FairwayError `usage` for anything else.
    """
    given = words.strip()
    if not given:
        return ""
    try:
        return clock.later(now, clock.duration(given))
    except OverflowError:
        pass
    except ValueError:
        try:
            at = clock.spoken(given)
        except (ValueError, OverflowError):
            pass
        else:
            return at.strftime("%Y-%m-%d") if len(given) <= _DAY and "T" not in given.upper() else clock.text(at)
    raise FairwayError(
        "usage",
        f"TARGET_CLOSE_BY {words!r} is no day (2026-05-04), time or span from now (2d)",
        suggest_call(TARGET_CLOSE_BY=None),
    )


def checked_before(words: str, now: str) -> str:
    """The moment before which a target counts as missed: `words` (a day or time), else `now`; raises FairwayError."""
    if not words.strip():
        return now
    try:
        return clock.text(clock.spoken(words))
    except (ValueError, OverflowError):
        raise FairwayError(
            "usage", f"BEFORE {words!r} is no day (2026-05-04) or time", suggest_call(BEFORE=None)
        ) from None


def latest(rows: Iterable[CheckpointRow]) -> list[CheckpointRow]:
    """The last row of each task or track, newest first; `rows` are checkpoints, oldest first."""
    last: dict[tuple[str, str], CheckpointRow] = {}
    for row in rows:
        last[row["subject_kind"], row["subject_id"]] = row
    return sorted(last.values(), key=lambda row: row["id"], reverse=True)


def is_open(row: CheckpointStanding) -> bool:
    """Whether a checkpoint says that work goes on; a task that is finished or archived closes it."""
    return row["state"] not in CLOSED and not row["subject_over"]


def why_stale(row: CheckpointStanding, now: str, stale_after: float, before: str = "") -> str:
    """Why an open checkpoint needs somebody, "" when it does not.

    `stale_after` is in seconds (`coordinator.checkpoint_stale_after`). A target is missed when it lies before
    `before` (default `now`); a target that is a day lasts until its end
    where the caller lives, so with a day as `before` it is missed when
    it lies strictly before that day.
    """
    if not is_open(row):
        return ""
    target = row["target_close_by"] or ""
    if target and _end_of(target) <= (before or now):
        return f"it should have been closed by {target[:_DAY] if _is_day(target) else target}"
    age = clock.elapsed(row["created_at"], now)
    if row["state"] not in _QUIET and age > stale_after:
        return f"no checkpoint for {clock.span_text(age)}, more than {clock.span_text(stale_after)}"
    return ""


def _end_of(target: str) -> str:
    """The first moment at which a target is missed."""
    return clock.end_of_day(target) if _is_day(target) else target


def _is_day(words: str) -> bool:
    return len(words) == _DAY
