"""Deploy readback: what was expected against what was observed, field by field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.utilities.deploy.deploy_shapes import (
        Compared,
        Environment,
        Expected,
        FieldRow,
        Service,
        Unexpected,
        Value,
    )

COMMIT, DIGEST, VERSION = "commit", "image_digest", "version"
CONFIG_HASH, REPLICAS, HEALTH = "config_hash", "replicas", "health"
#: Every field of a service, in the order in which rows show them.
FIELDS = (COMMIT, DIGEST, VERSION, CONFIG_HASH, REPLICAS, HEALTH)
#: Fields that a cluster holds in annotations and labels.
KUBERNETES_FIELDS = (COMMIT, VERSION, CONFIG_HASH)
MATCH, DIFFERS, MISSING, UNEXPECTED = "match", "differs", "missing", "unexpected"
#: What a row says, and the words of the whole: it differs when anything differs or is missing.
RESULTS = (MATCH, DIFFERS, MISSING)
_HEX = re.compile(r"[0-9a-f]{7,}")


def value_row(value: str, source: str = "", note: str = "") -> Value:
    """A value of a field: its text, where it was found, and what a reader has to know of it."""
    return {"value": value, "source": source, "note": note}


def compare(expected: Expected, services: Iterable[Service], only: str = "") -> Compared:
    """Every expected field against what was observed: `{outcome, counts, rows, unexpected}`.

    `expected` is as `deploy_file.read_expected` gives it, `services` as `read_observed` does, with the
    environment known. `only` names the one environment to compare. Rows are in the order of the expected document,
    with the fields in the order of `FIELDS`; what was not expected is sorted by environment and service.
    """
    observed = {(row["environment"], row["name"]): row["values"] for row in services}
    rows: list[FieldRow] = []
    wanted: set[tuple[str, str, str]] = set()
    for environment in expected["environments"]:
        if only not in ("", environment["name"]):
            continue
        for service in environment["services"]:
            place = (environment["name"], service["name"])
            seen = observed.get(place)
            for field, value in service["values"].items():
                wanted.add((*place, field))
                rows.append(_row(*place, field, value["value"], seen))
    extra: list[Unexpected] = [
        {"environment": place[0], "service": place[1], "field": field, "observed": values[field]["value"]}
        for place, values in sorted(observed.items())
        if only in ("", place[0])
        for field in FIELDS
        if field in values and (*place, field) not in wanted
    ]
    counts = {word: sum(row["result"] == word for row in rows) for word in RESULTS}
    outcome = MATCH if counts[MATCH] == len(rows) else DIFFERS
    return {"outcome": outcome, "counts": {**counts, UNEXPECTED: len(extra)}, "rows": rows, "unexpected": extra}


def _row(environment: str, service: str, field: str, wanted: str, seen: dict[str, Value] | None) -> FieldRow:
    value = (seen or {}).get(field)
    if value is None:
        result, note = MISSING, "the service was not observed" if seen is None else "the field was not observed"
        value = value_row("")
    else:
        alike, note = matches(field, wanted, value["value"])
        result = MATCH if alike else DIFFERS
    return {
        "environment": environment,
        "service": service,
        "field": field,
        "expected": wanted,
        "observed": value["value"],
        "source": value["source"],
        "result": result,
        "note": "; ".join(text for text in (note, value["note"]) if text),
    }


def matches(field: str, wanted: str, seen: str) -> tuple[bool, str]:
    """Whether an observed value is the expected one, and what made it so when they are not the same text.

    Commits match when one is the beginning of the other and both have 7 hexadecimal digits or more; replicas compare
    as numbers and health without regard to case; everything else has to be the same to the letter.
    """
    if wanted == seen:
        return True, ""
    if field == COMMIT:
        short, long = sorted((wanted.lower(), seen.lower()), key=len)
        if _HEX.fullmatch(short) and _HEX.fullmatch(long) and long.startswith(short):
            return True, "" if len(short) == len(long) else f"the first {len(short)} digits"
    if field == HEALTH and wanted.casefold() == seen.casefold():
        return True, "but for upper and lower case"
    return False, ""


def place_services(services: Iterable[Service], environments: Iterable[Environment], only: str = "") -> list[Service]:
    """The observed services with their environment.

    What a cluster reports has only a namespace: it is of the environment that names this namespace, else of `only`,
    which the call names, unless that one has another namespace; else of the environment that is called so.
    """
    known = {row["namespace"]: row["name"] for row in environments if row["namespace"]}
    default = "" if only in known.values() else only
    placed: list[Service] = []
    for row in services:
        own = row["environment"] or known.get(row["namespace"]) or default or row["namespace"]
        placed.append({**row, "environment": own})
    return placed
