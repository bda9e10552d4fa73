"""Sums of what work has cost. Money and minutes are decimal: a thousand dimes are a hundred dollars."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from fairway_scripts.base.errors import FairwayError

Row = dict[str, Any]

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


def grouped(rows: list[Row], name: str) -> list[Row]:
    """The sums of rows by one of their entries, the most tokens first."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    sums = [{name: key, **total(members)} for key, members in groups.items()]
    return sorted(sums, key=lambda found: (-(found["tokens_in"] + found["tokens_out"]), found[name]))


def total(rows: list[Row]) -> Row:
    """The sum of rows: records, tokens_in, tokens_out, minutes (decimal text), cost ({currency: decimal text})."""
    cost: dict[str, Decimal] = {}
    for row in rows:
        if row["cost"]:
            cost[row["currency"]] = cost.get(row["currency"], Decimal(0)) + Decimal(row["cost"])
    minutes = sum((Decimal(row["minutes"]) for row in rows if row["minutes"]), Decimal(0))
    return {
        "records": len(rows),
        "tokens_in": sum(row["tokens_in"] or 0 for row in rows),
        "tokens_out": sum(row["tokens_out"] or 0 for row in rows),
        "minutes": _plain(minutes),
        "cost": {name: _plain(value) for name, value in sorted(cost.items())},
    }


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(row: Row) -> str:
    """A record in one line: `7 tokens in, 0.5 USD`."""
    parts = [f"{row[name]} {name.replace('_', ' ')}" for name in ("tokens_in", "tokens_out") if row[name] is not None]
    parts += [f"{row['minutes']} minutes"] * bool(row["minutes"]) + [f"{row['cost']} {row['currency']}"] * bool(
        row["cost"]
    )
    return ", ".join(parts)
