"""A table whose rows ask a lane for a review until a verdict is put into them: requests and reviews in one.

Such a row has no verdict, or a word that asks for one in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import plain_name, plain_word
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.cell_signs import all_words, in_family

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Known, Signs
    from fairway_scripts.store.legacy_types import Part, PartRule

#: Words in the place of a verdict by which a row asks for one.
_ASKS = ("asked", "requested", "pending", "open", "waiting", "awaiting", "unanswered", "outstanding")
#: What a column of verdicts is called, though its words may be those of results as well.
_CALLED = ("verdict", "decision")


def asked_in_place(
    looked: Mapping[str, Mapping[str, Signs]],
    lookups: Mapping[str, Mapping[str, list[str]]],
    parted: Collection[str],
    asked: Mapping[str, PartRule],
    known: Known,
) -> dict[str, Part]:
    """Return the parts of the one such table; a table of `asked` stays one when every verdict is in.

    `asked` is {table: what stands in the place of the verdict, False for nothing}. Tables of `parted` are none, nor is
    one with statuses: the state of a task may hold a verdict too.
    """
    found: dict[str, Part] = {}
    for table, columns in looked.items():
        places = {name: (place[0], place[2]) for name, place in lookups.get(table, {}).items()}
        named = [looked[places[name][0]][places[name][1]] if name in places else columns[name] for name in columns]
        filled = [signs for signs, own in zip(named, columns.values(), strict=True) if own.full]
        verdicts = {
            name: asks for name, signs in columns.items() if (asks := _asking_word(name, signs, known)) is not None
        }
        is_log = all(any(signs.has(wanted) for signs in filled) for wanted in (sign.TASK, sign.LANE))
        is_log = is_log and not any(signs.has("status") for signs in columns.values()) and len(verdicts) == 1
        if not is_log or table in parted:
            continue
        [(column, asks)] = verdicts.items()
        before = asked.get(table, asks)
        asks = before if isinstance(before, (str, bool)) else asks
        if asks or table in asked or not columns[column].full:
            found[f"{table}[answered]"] = (table, column, [asks] if isinstance(asks, str) else True)
            found[f"{table}[open]"] = (table, column, asks)
    return found if len(found) == 2 else {}


def _asking_word(name: str, signs: Signs, known: Known) -> str | bool | None:
    """Return how the rows of a column of verdicts ask for one, None where it is none."""
    asks = [word for word in signs.values if plain_word(word) in _ASKS]
    given = signs.values - {*asks}
    are_verdicts = in_family("verdict", given, known) or (
        plain_name(name) in _CALLED and all_words("verdict", given, known)
    )
    if len(asks) == 1 and signs.full and are_verdicts:
        return asks[0]
    return False if signs.has("verdict") else None
