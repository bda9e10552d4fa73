"""usage-record."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import number
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.usage import record_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import UsageRecord

#: Variables that are whole numbers, with the least that each may be.
_NUMBERS = {"tokens_in": 0, "tokens_out": 0, "corrects": 1}


def run(args: UsageRecord) -> int:
    """Record what was spent and print the record."""
    numbers = {name: number(args, name.upper(), least) for name, least in _NUMBERS.items()}
    project = open_project(args)
    row = record_usage(project, args, numbers)
    names = (
        "lane",
        "tokens_in",
        "tokens_out",
        "minutes",
        "cost",
        "currency",
        "provider",
        "model",
        "utility",
        "corrects",
    )
    answer(args, row, [f"recorded {row['event_id']} {row['task_id']}".rstrip(), *pairs(row, *names)])
    return OK
