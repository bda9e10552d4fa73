"""The moment that a person means by SINCE."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest


def since_time(words: str, now: str) -> str:
    """The stored time meant by an age before `now` (`12h`, `2d`), a date or a time; "" for no words.

    A date means its first moment, and what names no zone is of the caller's zone. Raises FairwayError `usage` for
    anything else.
    """
    if not words:
        return ""
    try:
        return clock.later(now, -clock.duration(words))
    except OverflowError:
        pass
    except ValueError:
        try:
            return clock.text(clock.spoken(words))
        except (ValueError, OverflowError):
            pass
    raise FairwayError(
        "usage",
        f"SINCE {words!r} is no age (12h, 2d), date (2026-05-04) or time",
        suggest("queue-activity", SINCE="12h"),
    )
