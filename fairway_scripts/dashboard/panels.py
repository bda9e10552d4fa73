"""What a page is made of: panels, each a table of plain rows, that are shown, exported or loaded one by one."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fairway_scripts.dashboard.charts import Chart
    from fairway_scripts.project.project import Project

#: Rows of a long list that are read, and those that a page shows; a panel on its own page shows what was read.
SHOWN, ON_PAGE = 200, 20
#: Rows of an answer that are kept: no page shows more.
KEPT = 500
#: How cells begin that a spreadsheet would take for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Column(NamedTuple):
    """One column: the key in each row, its heading, and how it is shown (see the macro `cell` in macros.html)."""

    key: str
    label: str
    kind: str = "text"


class Panel(NamedTuple):
    """One table. `rows` are all rows that were read; `total` is how many there are, None where nobody counted.

    `told` stands in the place of the number where there is none to count. With `is_figures` the rows are a few numbers
    (label, value, path, query) that are shown large and lead somewhere.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, object]]
    about: str = ""
    empty: str = "Nothing here."
    total: int | None = None
    more: str = ""
    told: str = ""
    chart: Chart | None = None
    is_figures: bool = False


class Query(NamedTuple):
    """What the address of a page asks for; every part may be empty."""

    lane: str = ""
    status: str = ""
    owner: str = ""
    task_id: str = ""
    since: str = ""
    sort: str = ""
    show: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the order of rows is asked for."""
        return any((self.lane, self.status, self.owner, self.task_id, self.since))

    def values(self, **changes: object) -> dict[str, str]:
        """The parts that are not empty, as they stand in an address; `changes` replace some."""
        given = {**self._asdict(), **changes}
        given["show"] = ",".join(given["show"])
        return {name: str(value) for name, value in given.items() if value}


class Maker(NamedTuple):
    """How a panel is made: its title, the verb, and when it is loaded: with its page, behind it, or when asked.

    `everywhere`: it is made of what every project says (project_panels.py). `first` makes the panel as a page shows it,
    at most KEPT rows, where all of them take much more or say less; who wants all (an export) gets them of `make`.
    """

    title: str
    make: Callable[[Project, Query], Panel]
    load: str = ""
    everywhere: bool = False
    first: Callable[[Project, Query], Panel] | None = None


#: When a panel is loaded that is not made with its page.
BEHIND, ASKED = "behind", "asked"


class Page(NamedTuple):
    """One page: its path, title, what it answers, the filters that it takes, and its panels by name."""

    path: str
    title: str
    lead: str
    filters: tuple[str, ...]
    panels: Mapping[str, Maker]


def counted(
    name: str,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[Mapping[str, object]],
    *,
    empty: str = "",
    about: str = "",
) -> Panel:
    """A panel whose rows are all there are."""
    return Panel(name, title, columns, rows, about, empty, len(rows))


def query_of(given: Mapping[str, str]) -> Query:
    """The query of an address; names that are not known are left out, and so is what no filter can be."""
    plain = {name: given[name].strip()[:200] for name in Query._fields if given.get(name)}
    show = plain.pop("show", "")
    return Query(**plain, show=tuple(name for name in show.split(",") if name))


def in_order(panel: Panel, sort: str) -> Panel:
    """The panel with its rows sorted as `PANEL.KEY` or `PANEL.-KEY` says; as it was where that is another panel."""
    name, _, key = sort.partition(".")
    backwards, key = key.startswith("-"), key.removeprefix("-")
    if name != panel.name or key not in [column.key for column in panel.columns]:
        return panel
    rows = sorted(panel.rows, key=lambda row: _sortable(row.get(key)), reverse=backwards)
    return panel._replace(rows=rows)


def _sortable(value: object) -> tuple[int, float, str]:
    """Numbers before texts, and what is not there last."""
    if value is None or value == "":
        return (2, 0.0, "")
    return (0, float(value), "") if isinstance(value, (int, float)) else (1, 0.0, str(value).casefold())


def as_json(panel: Panel) -> str:
    """The panel as one JSON object, with the schema `dashboard-panel/1`."""
    names = [column.key for column in panel.columns]
    rows = [{name: row.get(name) for name in names} for row in panel.rows]
    told = {"schema": "dashboard-panel/1", "panel": panel.name, "title": panel.title, "total": panel.total}
    return json.dumps({**told, "rows": rows}, ensure_ascii=False, sort_keys=True) + "\n"


def as_csv(panel: Panel) -> str:
    """The panel as CSV with a heading; a text that a spreadsheet would compute has an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in panel.columns])
    for row in panel.rows:
        writer.writerow([_plain(row.get(column.key)) for column in panel.columns])
    return out.getvalue()


def _plain(value: object) -> str | float:
    if value is None or isinstance(value, (int, float)):
        return "" if value is None else value
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
