"""The one way to read a JSON text that the store keeps: one of another shape means a damaged store."""

from __future__ import annotations

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def stored(text: str | None, shape: type, column: str, path: str = "") -> Any:
    """The value of a JSON text of the store; None and "" are an empty `shape` (dict or list).

    `column` is where the text stands, as people look for it (`tags`; `meta, settings`), `path` the store's file.
    Raises FairwayError `store_damaged`.
    """
    if text is None or text == "":
        return shape()
    try:
        value = jsonio.loads(text)
    except (ValueError, TypeError, RecursionError) as problem:
        raise damaged(path, column, "is not JSON") from problem
    if not isinstance(value, shape):
        raise damaged(path, column, f"is not {'an object' if shape is dict else 'a list'}")
    return value


def damaged(path: str, column: str, what: str) -> FairwayError:
    """The refusal of a store in which `column` does not hold what it should."""
    message = f"{path or 'the store'} is damaged: {column} {what}"
    return FairwayError("store_damaged", message, suggest("queue-restore", FROM=None), path=path, column=column)
