"""One question to a store that nobody has opened: which lane a task is of."""

from __future__ import annotations

import os
import sys

from fairway_scripts.base.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Here and not among the named statements: reading their file takes as long as the answer.
_QUESTION = "SELECT role FROM task_definitions WHERE id = ?"


def _driver() -> Any:
    """What `sqlite3` is made of (`_sqlite3`), without its dates and converters.

    It takes `lru_cache` from `functools`, which loads `collections` and takes longer than the question: it gets the
    same cache from where `functools` has it, and whoever wants `functools` itself loads it as always.
    """
    if "functools" not in sys.modules:
        try:
            from _functools import _lru_cache_wrapper as cache  # type: ignore[import-not-found]

            lender: Any = type(sys)("functools")
            lender.lru_cache = lambda size: lambda asked: cache(asked, size, 0, lambda *told: told)
            sys.modules["functools"] = lender
            return __import__("_sqlite3")
        except (ImportError, AttributeError):  # an interpreter that takes more of it
            pass
        finally:
            sys.modules.pop("functools", None)
    return __import__("_sqlite3")


def lane_of(path: str, task_id: str) -> str:
    """The lane of a task in the store at `path`, "" when the store or the task is not there.

    Raises FairwayError `store_unavailable` when the store cannot be read: to guess would be to take a side.
    """
    if not os.path.exists(path):
        return ""
    driver = _driver()
    try:
        # one that may write would empty the log when it is the last to leave, which takes longer than the question
        escaped = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = driver.connect(f"file:{escaped}?mode=ro", timeout=10.0, uri=True)
        row = connection.execute(_QUESTION, (task_id,)).fetchone()
    except (driver.Error, UnicodeEncodeError) as problem:
        message = f"{path}: the lane of {task_id!r} cannot be read: {problem}"
        raise FairwayError("store_unavailable", message, suggest("queue-verify")) from problem
    return str(row[0]) if row else ""
