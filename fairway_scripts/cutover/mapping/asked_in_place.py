"""A table whose rows ask a lane for a review until a verdict is put into them: requests and reviews in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.cutover.mapping import cell_signs as sign

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Signs

#: The parts of such a table, and whether the verdict of their rows says something.
_PARTS = {"answered": True, "open": False}


def asked_in_place(
    looked: Mapping[str, Mapping[str, Signs]],
    lookups: Mapping[str, Mapping[str, list[str]]],
    parted: Collection[str],
    asked: Collection[str],
) -> dict[str, list[Any]]:
    """The parts of the one such table; a table of `asked` stays one when every verdict is in.

    Tables of `parted` are none, nor is one with statuses: the state of a task may hold a verdict too.
    """
    found: dict[str, list[Any]] = {}
    for table, columns in looked.items():
        places = {name: (place[0], place[2]) for name, place in lookups.get(table, {}).items()}
        meant = [looked[places[name][0]][places[name][1]] if name in places else columns[name] for name in columns]
        said = [signs for signs, own in zip(meant, columns.values(), strict=True) if own.full]
        verdicts = [name for name, signs in columns.items() if signs.has("verdict")]
        is_log = all(any(signs.has(wanted) for signs in said) for wanted in (sign.TASK, sign.LANE))
        is_log = is_log and not any(signs.has("status") for signs in columns.values()) and len(verdicts) == 1
        if is_log and table not in parted and (table in asked or not columns[verdicts[0]].full):
            found |= {f"{table}[{part}]": [table, verdicts[0], says] for part, says in _PARTS.items()}
    return found if len(found) == len(_PARTS) else {}
