"""When a command that is run to see how something stands has decided it."""

from __future__ import annotations

import re
from typing import NamedTuple

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.patterns.line_patterns import LinePattern, compile_pattern
from fairway_scripts.base.words.watchers import FAIL, NOT_STARTED, PASS

AGAIN = "again"


class Condition(NamedTuple):
    """What decides a run: exit codes, or a pattern that a line of the output has to match."""

    codes: tuple[int, ...] = ()
    pattern: LinePattern | None = None


def checked_condition(name: str, text: str) -> Condition | None:
    """The condition that `text` stands for, None for no text: `exit:0`, `exit:0,3` or `/pattern/`.

    Raises FairwayError `usage` for anything else: what a run cannot check must not look as if it were checked.
    """
    given = text.strip()
    if not given:
        return None
    codes = re.fullmatch(r"exit[: ]\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)", given, re.IGNORECASE)
    if codes:
        return Condition(codes=tuple(int(code) for code in codes[1].split(",")))
    if len(given) > 2 and given[0] == given[-1] == "/":
        try:
            return Condition(pattern=compile_pattern(given[1:-1], ignore_case=False))
        except ValueError as fault:
            raise FairwayError("usage", f"{name} {text!r}: not a pattern: it {fault}") from fault
    raise FairwayError(
        "usage",
        f"{name} {text!r} cannot be checked by running a command: write exit:0, exit:0,3 or /pattern/",
        "words for a person belong into CLOSE_CONDITION",
    )


class Seen(NamedTuple):
    """What one run of the command showed: its exit code (None when it was stopped) and which patterns matched."""

    exit_code: int | None
    success: bool
    failure: bool


def verdict(seen: Seen, success: Condition | None, failure: Condition | None, *, polling: bool) -> tuple[str, str]:
    """`(pass | fail | again, why)` of one run that was not cut off by the deadline.

    What means failure goes first. A command that ends by itself passes with exit code 0 unless the success condition
    names codes; with a pattern it needs both. `again` comes only while `polling`: a plain failure then means "not
    yet", unless the command could not be started at all.
    """
    code = seen.exit_code
    if seen.failure:
        return FAIL, "a line matches the failure condition"
    if failure and code in failure.codes:
        return FAIL, f"exit code {code} is the failure condition"
    good = success.codes if success and success.codes else (0,)
    if code is None or code in good:
        if not success or not success.pattern or seen.success:
            return PASS, "a line matches the success condition" if seen.success else f"exit code {code}"
        missing = f"exit code {code}, but no line matches the success condition"
        return (AGAIN if polling else FAIL), missing
    ended = f"exit code {code}" if code >= 0 else f"ended by signal {-code}"
    return (AGAIN if polling and code not in NOT_STARTED else FAIL), ended
