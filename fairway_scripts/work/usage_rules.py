"""Sums of what work has cost. Money and minutes are decimal: a thousand dimes are a hundred dollars."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from fairway_scripts.base.errors import FairwayError

if TYPE_CHECKING:
    from fairway_scripts.work.work_shapes import GroupSum, Spent, Sum, UsageRow

    Group = Literal["lane", "task_id", "utility", "model"]

_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def amount(name: str, given: str) -> str:
    """A decimal number as it was typed, "" for none; raises FairwayError `usage` naming the variable."""
    given = given.strip()
    if given and not _AMOUNT.fullmatch(given):
        raise FairwayError("usage", f"{name} {given!r} is no amount such as 0.42, with at most six places")
    return given


def currency(given: str) -> str:
    """The code of a currency, USD for none; raises FairwayError `usage`."""
    code = given.strip().upper() or "USD"
    if not _CURRENCY.fullmatch(code):
        raise FairwayError("usage", f"CURRENCY {given!r} is no code of three letters, such as USD")
    return code


def grouped(rows: list[UsageRow], name: Group) -> list[GroupSum]:
    """The sums of rows by one of their entries, the most tokens first."""
    groups: dict[str, list[UsageRow]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    sums = [(key, total(members)) for key, members in groups.items()]
    sums.sort(key=lambda found: (-((found[1]["tokens_in"] or 0) + (found[1]["tokens_out"] or 0)), found[0]))
    return [_named(name, key, summed) for key, summed in sums]


def _named(name: Group, key: str, summed: Sum) -> GroupSum:
    found: GroupSum = {
        "records": summed["records"],
        "tokens_in": summed["tokens_in"],
        "tokens_out": summed["tokens_out"],
        "minutes": summed["minutes"],
        "cost": summed["cost"],
    }
    found[name] = key
    return found


def total(rows: list[UsageRow]) -> Sum:
    """The sum of rows: records, tokens_in, tokens_out, minutes (decimal text), cost ({currency: decimal text}).

    What no row measured is not known, and no zero: None for tokens, "" for minutes, no currency for cost.
    """
    cost: dict[str, Decimal] = {}
    for row in rows:
        if row["cost"]:
            cost[row["currency"]] = cost.get(row["currency"], Decimal(0)) + Decimal(row["cost"])
    minutes = [Decimal(row["minutes"]) for row in rows if row["minutes"]]
    return {
        "records": len(rows),
        "tokens_in": _sum([row["tokens_in"] for row in rows]),
        "tokens_out": _sum([row["tokens_out"] for row in rows]),
        "minutes": _plain(sum(minutes, Decimal(0))) if minutes else "",
        "cost": {name: _plain(value) for name, value in sorted(cost.items())},
    }


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(row: Spent) -> str:
    """A record in one line: `7 tokens in, 0.5 USD`."""
    tokens = (row["tokens_in"], "tokens in"), (row["tokens_out"], "tokens out")
    parts = [f"{count} {what}" for count, what in tokens if count is not None]
    parts += [f"{row['minutes']} minutes"] * bool(row["minutes"]) + [f"{row['cost']} {row['currency']}"] * bool(
        row["cost"]
    )
    return ", ".join(parts)
