"""Charts as shapes, computed here and drawn by a template: no script draws, and the table behind each says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The drawing, in units of the picture.
WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 120, 10, 24
_BAR = 26
#: The classes that shapes are filled with, in their order (app.css).
_FILLS = 4


class Area(NamedTuple):
    """One band of a stack: its label, where that stands, its class, and the corners of its polygon."""

    label: str
    at: float
    fill: int
    corners: str


class Bar(NamedTuple):
    """One bar: its label, its number as text, where it stands and how long it is."""

    label: str
    number: str
    top: int
    length: float


class Link(NamedTuple):
    """One line from the left to the right: where it begins and ends, how thick it is, and its number."""

    begin: float
    end: float
    thick: float
    number: str


class Chart(NamedTuple):
    """A picture: its size, the areas, bars or links in it, and the words beside them (text, x, y, anchor)."""

    height: int
    areas: tuple[Area, ...] = ()
    bars: tuple[Bar, ...] = ()
    words: tuple[tuple[str, float, float, str], ...] = ()
    left: int = _LEFT
    links: tuple[Link, ...] = ()


def stacked(rows: Sequence[Mapping[str, str | int]], names: list[str], along: str) -> Chart | None:
    """The rows as bands that lie on each other, the last of `names` at the bottom; None for less than two rows."""
    counts = {name: [int(row[name]) for row in rows] for name in names}
    most = max(map(sum, zip(*counts.values(), strict=True)), default=0)
    if len(rows) < 2 or not most:
        return None
    wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    places = [_LEFT + wide * place / (len(rows) - 1) for place in range(len(rows))]
    floor = [0] * len(rows)
    areas = []
    for place, name in enumerate(reversed(names)):
        top = [under + count for under, count in zip(floor, counts[name], strict=True)]
        upper = [(x, _TOP + high * (1 - y / most)) for x, y in zip(places, top, strict=True)]
        lower = [(x, _TOP + high * (1 - y / most)) for x, y in zip(places, floor, strict=True)]
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*upper, *reversed(lower)])
        if top[-1] > floor[-1]:
            areas.append(
                Area(
                    f"{name.replace('_', ' ')} {top[-1] - floor[-1]:,}",
                    (upper[-1][1] + lower[-1][1]) / 2,
                    place,
                    corners,
                )
            )
        elif any(counts[name]):
            areas.append(Area("", 0, place, corners))
        floor = top
    words = (
        (str(rows[0][along]), _LEFT, HEIGHT - 6, "start"),
        (str(rows[-1][along]), WIDTH - _RIGHT, HEIGHT - 6, "end"),
        (f"{most:,}", _LEFT - 6, _TOP + 10, "end"),
        ("0", _LEFT - 6, HEIGHT - _BOTTOM, "end"),
    )
    return Chart(HEIGHT, tuple(area._replace(fill=area.fill % _FILLS + 1) for area in _apart(areas)), words=words)


def _apart(areas: list[Area]) -> list[Area]:
    """The areas, from the bottom up, with labels that do not lie on each other."""
    last, placed = float("inf"), []
    for area in areas:
        at = min(area.at, last - 14) if area.label else area.at
        last = at if area.label else last
        placed.append(area._replace(at=at))
    return placed


def bars(rows: Sequence[Mapping[str, object]], label: str, number: str, text: str, *, whole: float = 0) -> Chart | None:
    """A bar for each row with a number; `text` is the key of the number as people read it.

    The longest fills the picture, or the one of `whole`. None where nothing is to be seen: no number, or a single bar
    that would be compared with itself.
    """
    known = [(row, size) for row in rows if isinstance(size := row[number], (int, float))]
    most = whole or max((size for _row, size in known), default=0)
    if not most or not known or (len(known) == 1 and not whole):
        return None
    left, wide = 230, WIDTH - 230 - 90
    shapes = tuple(
        Bar(str(row[label]), str(row[text]), place * _BAR, wide * size / most)
        for place, (row, size) in enumerate(known)
    )
    return Chart(len(shapes) * _BAR, bars=shapes, left=left)


def crossing(rows: Sequence[Mapping[str, object]], begin: str, end: str) -> Chart | None:
    """How often each `begin` goes with each `end`: the names on both sides, and a line for each pair. None without."""
    pairs: dict[tuple[str, str], int] = {}
    for row in rows:
        pair = (str(row[begin]), str(row[end] or "?"))
        pairs[pair] = pairs.get(pair, 0) + 1
    if not pairs:
        return None
    sides = [sorted({pair[side] for pair in pairs}) for side in (0, 1)]
    step = _BAR + 8
    places = [{name: 18 + step * place for place, name in enumerate(side)} for side in sides]
    most = max(pairs.values())
    links = tuple(
        Link(places[0][one], places[1][other], 1.5 + 8 * count / most, f"{count:,}")
        for (one, other), count in sorted(pairs.items())
    )
    words = tuple(
        (name, x, at + 4, anchor)
        for side, x, anchor in ((0, 150, "end"), (1, WIDTH - 170, "start"))
        for name, at in places[side].items()
    )
    return Chart(step * max(map(len, sides)) + 4, words=words, links=links)
