"""One question to every registered project: each is opened to be read, and one that is broken is one row."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.served.calls import call
from fairway_scripts.store.contract import Store, is_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.served.calls import Outcome


def ask(row: dict[str, str], tool: str, words: list[str], *, as_json: bool) -> Outcome:
    """What a tool answers in one project, whose store is only read."""
    before = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    kept, engine = Store.only_reads, os.environ.get("FAIRWAY_ENGINE")
    Store.only_reads = True
    os.environ["FAIRWAY_ENGINE"] = "fairway"  # our store is read, also where older scripts answer for now
    try:
        _stand_in(row)
        own = [f"--queue-db={row['store']}"] + ([f"--config={row['config']}"] if row["config"] else [])
        return call(tool, [*words, *own], as_json=as_json)
    except FairwayError as refusal:
        return call("", [], refusal=refusal)
    finally:
        Store.only_reads = kept
        if engine is None:
            del os.environ["FAIRWAY_ENGINE"]
        else:
            os.environ["FAIRWAY_ENGINE"] = engine
        os.fchdir(before)
        os.close(before)


def _stand_in(row: dict[str, str]) -> None:
    try:
        os.chdir(row["folder"])
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{row['folder']}: {problem.strerror}") from problem
    if not is_server(row["store"]) and not os.path.exists(row["store"]):
        raise FairwayError("store_lost", f"the store {row['store']} is gone")


def counts(outcome: Outcome) -> dict[str, object]:
    """What `fairway projects status` shows of an answer of queue-status-report, or why there is none."""
    if outcome.answer is None:
        error = outcome.error or {"word": "internal", "message": outcome.text}
        return {"state": error["word"], "ready": None, "statuses": error["message"], "total": None}
    answer, by_status = outcome.answer, outcome.answer["by_status"]
    counted = by_status.items() if isinstance(by_status, dict) else ()
    statuses = ", ".join(f"{name} {number}" for name, number in counted if number)
    return {"state": "ok", "ready": answer["ready"], "statuses": statuses, "total": answer["total"]}
