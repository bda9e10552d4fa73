"""The only clock: UTC text of fixed width, so that text order is time order."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime, timedelta, timezone
else:
    try:
        from _datetime import datetime, timedelta, timezone  # the same types, without the module around them
    except ImportError:
        from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
#: How far the clock that counts is ahead of this machine's, None where that is this machine's.
_ahead: timedelta | None = None
_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}


def now() -> str:
    """The current time as `YYYY-MM-DDTHH:MM:SS.ffffffZ`; `FAIRWAY_NOW` (any form `moment` reads) freezes it."""
    frozen = os.environ.get("FAIRWAY_NOW")
    if frozen:
        return text(moment(frozen))
    at = datetime.now(timezone.utc)
    return text(at if _ahead is None else at + _ahead)


def follow(microseconds: int) -> None:
    """Go by a clock that shows so many microseconds since 1970 now: that of the server, which all machines share."""
    global _ahead  # noqa: PLW0603 - there is one clock
    _ahead = timedelta(microseconds=microseconds) - (datetime.now(timezone.utc) - _EPOCH)


def skew() -> float:
    """How many seconds the clock that counts is ahead of this machine's."""
    return _ahead.total_seconds() if _ahead is not None else 0.0


def text(at: datetime) -> str:
    """A moment in the stored form, always 27 characters."""
    return at.astimezone(timezone.utc).strftime(_FORMAT)


def moment(stamp: str) -> datetime:
    """The moment of a stored time or of another ISO 8601 form (`2026-05-04`, `2026-05-04T10:00:00+02:00`).

    A form without a zone is UTC: that is how documents write it; for what a person types see `spoken`. Raises
    ValueError when `stamp` is no such form.
    """
    at = datetime.fromisoformat(stamp.strip())
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)


def spoken(words: str) -> datetime:
    """The moment that a person means by a day or a time: what names no zone is of the zone that the person lives in.

    A day means its first moment. Raises ValueError for anything else.
    """
    return datetime.fromisoformat(words.strip()).astimezone()


def end_of_day(day: str) -> str:
    """The stored time at which a day (`2026-05-04`) is over where the caller lives; raises ValueError."""
    return text((datetime.fromisoformat(day.strip()) + timedelta(days=1)).astimezone())


def until(words: str) -> str:
    """The stored time up to which something holds that a person gives a day (to its end) or a time for.

    Raises ValueError for anything else.
    """
    given = words.strip()
    return end_of_day(given) if len(given) == len("2026-05-04") else text(spoken(given))


def later(stamp: str, span: float) -> str:
    """The stored time that lies `span` seconds after `stamp`."""
    return text(moment(stamp) + timedelta(seconds=span))


def elapsed(start: str, end: str) -> float:
    """Seconds from `start` to `end`, both ISO 8601 text."""
    return (moment(end) - moment(start)).total_seconds()


def duration(words: str) -> float:
    """Seconds of a duration such as `12h`, `30m`, `45s`, `2d`, `1h30m`; raises ValueError otherwise."""
    total, number = 0.0, ""
    for char in words.strip():
        if char.isdigit() or char == ".":
            number += char
        elif char in _UNITS and number:
            total += float(number) * _UNITS[char]
            number = ""
        else:
            raise ValueError(f"not a duration: {words!r}")
    if number or not words.strip():
        raise ValueError(f"not a duration: {words!r}")
    return total


def span_text(span: float) -> str:
    """Seconds as people say them: `45s`, `12m`, `3h05m`, `2d04h`."""
    whole = int(max(span, 0))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86400}d{whole % 86400 // 3600:02d}h"


def took(seconds: float | None) -> str:
    """A measured time in words, from a minute on as a span; "" where none was measured."""
    if seconds is None:
        return ""
    return span_text(seconds) if seconds >= 60 else f"{round(seconds, 2):g}s"
