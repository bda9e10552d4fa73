"""One question to a store that nobody has opened: which lane a task is of."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.presence import is_there
from fairway_scripts.store.sqlite import driver

#: Here and not among the named statements: reading their file takes as long as the answer.
_QUESTION = "SELECT role FROM task_definitions WHERE id = ?"
_IS_OURS = "SELECT 1 FROM sqlite_master WHERE name = 'task_definitions'"


def lane_of(path: str, task_id: str) -> str:
    """The lane of a task in the store at `path`, "" when the store or the task is not there.

    Raises FairwayError `store_unavailable` when the store cannot be read: to guess would be to take a side.
    """
    if not is_there(path):
        return ""
    row = _ask(path, f"the lane of {task_id!r}", _QUESTION, task_id)
    return str(row[0]) if row else ""


def is_store(path: str) -> bool:
    """Tell whether the SQLite file at `path` is a store of this suite.

    Raises FairwayError `store_unavailable` for one that cannot be read.
    """
    return _ask(path, "whose database it is", _IS_OURS) is not None


def _ask(path: str, what: str, question: str, *values: str) -> tuple[object, ...] | None:
    sqlite3 = driver.load()
    try:
        # one that may write would empty the log when it is the last to leave, which takes longer than the question
        escaped = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(f"file:{escaped}?mode=ro", timeout=10.0, uri=True)
        row: tuple[object, ...] | None = connection.execute(question, values).fetchone()
    except (sqlite3.Error, UnicodeEncodeError) as problem:
        message = f"{path}: {what} cannot be read: {problem}"
        raise FairwayError("store_unavailable", message, suggest("queue-verify")) from problem
    return row
