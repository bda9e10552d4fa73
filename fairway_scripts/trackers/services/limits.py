"""Rate limits, in the words of each tracker.

GitHub answers 403 or 429 with Retry-After, or with x-ratelimit-remaining 0 and x-ratelimit-reset (seconds since 1970),
or with nothing but its message;
GitLab 429 with Retry-After and RateLimit-Reset (the same); Jira 429 with Retry-After or X-RateLimit-Reset (ISO 8601);
Linear 400 with an error of code RATELIMITED and X-RateLimit-Requests-Reset (milliseconds since 1970).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from fairway_scripts.base import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-ratelimit-requests-reset", "x-ratelimit-complexity-reset")
#: Where a limit says nothing of its end.
_UNSAID = 60.0
_MILLISECONDS = 1e11  # a number of seconds since 1970 that is as large lies in the year 5138


def is_limit(status: int, headers: Mapping[str, str], data: object) -> bool:
    """Whether an answer says that there were too many requests."""
    if status == 429:
        return True
    if status == 403:
        said = str(data.get("message", "")).lower() if isinstance(data, dict) else ""
        return headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers or "rate limit" in said
    errors = data.get("errors") if isinstance(data, dict) else None
    codes = [
        error["extensions"].get("code")
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, dict) and isinstance(error.get("extensions"), dict)
    ]
    return "RATELIMITED" in codes


def wait_of(headers: Mapping[str, str]) -> float:
    """The seconds after which a request may be made again."""
    given = headers.get("retry-after", "")
    waits = [_seconds(given)] if given else [_until(headers[name]) for name in _RESETS if headers.get(name)]
    return max([wait for wait in waits if wait is not None], default=_UNSAID)


def when(seconds: float) -> str:
    """The time in so many seconds, as people read it."""
    return (_now() + timedelta(seconds=min(seconds, 1e9))).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(words: str) -> float | None:
    """What Retry-After says: seconds, or a date."""
    if words.strip().isascii() and words.strip().isdigit():
        return float(words)
    try:
        return max((parsedate_to_datetime(words) - _now()).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _until(words: str) -> float | None:
    words = words.strip()
    if words.isascii() and words.isdigit() and len(words) < 16:
        stamp = float(words)
        return max((stamp / 1000 if stamp > _MILLISECONDS else stamp) - _now().timestamp(), 0.0)
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return max((moment.replace(tzinfo=moment.tzinfo or UTC) - _now()).total_seconds(), 0.0)


def _now() -> datetime:
    return clock.moment(clock.now())
