"""What `sqlite3` is made of, loaded without what no call of a tool needs of it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def load() -> ModuleType:
    """Return `_sqlite3`, which has all of `sqlite3` but its dates and converters; `sqlite3` itself where it is missing.

    It takes `lru_cache` from `functools`, which loads `collections` and takes as long as a query: it gets the same
    cache from where `functools` has it, and whoever wants `functools` itself loads it as always.
    """
    if "functools" not in sys.modules:
        try:
            from _functools import _lru_cache_wrapper as cache  # type: ignore[import-not-found]

            lender = type(sys)("functools")
            vars(lender)["lru_cache"] = lambda size: lambda asked: cache(asked, size, 0, lambda *told: told)
            sys.modules["functools"] = lender
            return __import__("_sqlite3")
        except (ImportError, AttributeError):  # an interpreter that takes more of it
            pass
        finally:
            sys.modules.pop("functools", None)
    try:
        return __import__("_sqlite3")
    except ImportError:
        return __import__("sqlite3")
