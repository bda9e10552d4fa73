"""Finding out what an old queue database holds: which of its tables and columns are what, each with its reason.

A name that is known decides first, unless the cells speak against it; then the name that the host's own calls use; then
a part of a name, where the cells speak for it; then the cells alone. Where two fit equally well nothing is chosen: both
are named with what decides it, and the host says which it is (`[legacy_db]` in its profile).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from fairway_scripts.cutover.bridge.legacy_tables import KIND, KINDS
from fairway_scripts.cutover.bridge.legacy_values import plain_name
from fairway_scripts.cutover.mapping.cell_signs import Known, Signs, signs_of
from fairway_scripts.cutover.mapping.column_names import columns_by_name
from fairway_scripts.cutover.mapping.column_values import assign_by_cells
from fairway_scripts.cutover.mapping.mapping_entries import entry_of, unplaced, waiting
from fairway_scripts.cutover.mapping.state_words import (
    numbered_columns,
    say_unknown_statuses,
    sign_numbers,
    words_of_numbers,
    words_speak_against,
)
from fairway_scripts.cutover.mapping.table_values import kinds_by_cells, kinds_of_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.cutover.bridge.legacy_tables import Kind
    from fairway_scripts.cutover.cutover_shapes import DatabaseHints, KindHint
    from fairway_scripts.cutover.mapping.mapping_shapes import NewMapping, Problem
    from fairway_scripts.store.legacy_types import Cells, Shape, TableFacts

#: What a table's name is worth besides one point a column: the first known name, another one, none.
_FIRST_NAME, _KNOWN_NAME = 100, 50
_FEW = 2
BY_PROFILE, BY_NAME, BY_PART = "the profile says so", "its name", "a part of its name"
BY_CALLS = "the calls name it so"


class Table(NamedTuple):
    """A table of the old database as the rules see it."""

    name: str
    facts: TableFacts
    rows: list[Cells]
    signs: dict[str, Signs]


class Draft:
    """What was found so far, and what is not sure."""

    def __init__(
        self,
        known: Known,
        hints: DatabaseHints,
        spoken: Mapping[str, Mapping[str, str]],
        shape: Shape,
    ) -> None:
        self.known = known
        self.shape = shape
        self.prefix = ""
        self.hints = hints
        self.spoken = spoken
        self.tables: dict[str, Table] = {}
        self.chosen: dict[str, str] = {}
        self.why: dict[str, str] = {}
        self.columns: dict[str, dict[str, str]] = {}
        self.reasons: dict[str, dict[str, str]] = {}
        self.sections = {kind: cast("KindHint", hint) for kind, hint in hints.items() if kind in KIND}
        self.ignored = {str(name) for name in hints.get("ignore", ())}
        self.words: dict[str, dict[str, str]] = {k: dict(v) for k, v in hints.get("words", {}).items()}
        #: columns that were read for what they say about others: (table, column)
        self.understood: set[tuple[str, str]] = set()
        self.problems: list[Problem] = []

    def problem(self, table: str, column: str, message: str, decide: str = "") -> None:
        """Note what is not sure, once; `decide` is the line of the profile that settles it."""
        entry: Problem = {"table": table, "column": column, "message": message, "decide": decide}
        if entry not in self.problems:
            self.problems.append(entry)

    def looked_up(self, table: str) -> set[str]:
        """Return the columns of a table in which another table's words stand instead of its keys."""
        return {*self.shape.get("lookups", {}).get(self.base(table), ())}

    def base(self, table: str) -> str:
        """Return the table of the database that a part of one belongs to."""
        part = self.shape.get("parts", {}).get(table) or self.shape.get("latest", {}).get(table)
        return part[0] if part else table

    def section(self, kind: str) -> KindHint:
        """Return what the profile says of a kind."""
        return self.sections.get(kind, {})


def find_mapping(
    tables: Mapping[str, TableFacts],
    hints: DatabaseHints | None = None,
    known: Known | None = None,
    spoken: Mapping[str, Mapping[str, str]] | None = None,
    shape: Shape | None = None,
) -> NewMapping:
    """Find out which table of an old database is what, and which of its columns are which of ours.

    `tables` is `{name: {columns: {name: type}, pk, refs: {column: [table, column]}, sql, rows: [rows to look at],
    count, filled}}`, of which all but the first two may be missing. `hints` is the host's `[legacy_db]`: for a kind
    (`state`, `archive`, `history`, `evidence`, `handoffs`, `reviews`, `requests`, `sessions`, `checkpoints`) `{table,
    columns: {ours: theirs}}`, where an empty text says that there is none; `ignore`: tables to leave out; `words`.
    `spoken` is what the host's calls name the values, as `names_in_calls` gives it, `shape` that of the tables.

    Of what it returns, `tables` are those that are none of the kinds, `none` the kinds that have no table, as the
    profile says, `words` {family: {theirs: ours}}. Of a kind, `key` lists the columns that tell a row from another ([]:
    its rowid), `increasing` says that new rows have greater whole keys; `unplaced` are the columns (and with column ""
    the tables) that hold something and have no place, `waiting` `{table: [columns]}` those of which nothing can be told
    before they hold something, `numbers` the columns of numbers that stand for words: [[table, column, family]].
    """
    draft = Draft(known or Known(), hints or {}, spoken or {}, shape or {})
    for name, facts in tables.items():
        if name not in draft.ignored and not _is_internal(name):
            rows, part = list(facts.get("rows", ())), draft.shape.get("parts", {}).get(name)
            known_already = {draft.shape.get("void", {}).get(draft.base(name))}
            of_kinds = draft.base(name) in draft.shape.get("types", {})  # else a verdict tells its parts apart
            known_already |= {part[1]} if part and (of_kinds or not name.endswith("[answered]")) else set()
            columns = {column: kind for column, kind in facts["columns"].items() if column not in known_already}
            refs = {key: place for key, place in facts.get("refs", {}).items() if key not in draft.looked_up(name)}
            facts = {**facts, "columns": columns, "refs": refs}  # noqa: PLW2901 - as the rules are to see it
            signs = {column: signs_of(rows, column, draft.known) for column in columns}
            draft.tables[name] = Table(name, facts, rows, signs)
    draft.prefix = common_prefix(draft.tables)
    sign_numbers(draft)
    _hinted(draft)
    _choose_tables(draft)
    _place_columns(draft)
    kinds = {kind.name: entry_of(draft, kind) for kind in KINDS if kind.name in draft.columns}
    used = {entry["table"] for entry in kinds.values()} | {table for table, _ in draft.understood}
    used |= {draft.base(name) for name in used}
    for places in (draft.shape.get("lists", {}), draft.shape.get("claims", {}), draft.shape.get("lookups", {})):
        used |= {place[0] for table in used & places.keys() for place in places[table].values()}
    others = sorted(name for name in tables if name not in used and not _is_internal(name))
    return {
        "kinds": kinds,
        "tables": others,
        "none": [kind for kind in KIND if draft.section(kind).get("table") == ""],
        "missing": [kind.name for kind in KINDS if kind.name not in kinds and kind.name != "archive"],
        "words": draft.words,
        "problems": draft.problems,
        "numbers": numbered_columns(draft),
        "waiting": waiting(draft, kinds),
        "unplaced": unplaced(draft, kinds, [name for name in others if name not in draft.ignored]),
    }


def _hinted(draft: Draft) -> None:
    for kind in KINDS:
        table = draft.section(kind.name).get("table")
        if table and table in draft.tables:
            draft.chosen[kind.name], draft.why[kind.name] = str(table), BY_PROFILE
        elif table:
            draft.problem(str(table), "", f"the profile names it as {kind.name}, but there is no such table")
        elif kind.name in draft.shape.get("kinds", {}) and "table" not in draft.section(kind.name):
            part = draft.shape["kinds"][kind.name]
            draft.chosen[kind.name], draft.why[kind.name] = part, f"its {draft.shape['parts'][part][1]} says so"
    for name in sorted(set(draft.hints) - {*KIND, "ignore", "words"}):
        message = f"the profile's [legacy_db] has an unknown entry {name}; known: {', '.join(KIND)}, ignore, words"
        draft.problem("", "", message)


def _choose_tables(draft: Draft) -> None:
    """Choose the tables by their names and the columns they have, then those that are left by their cells."""
    equal: dict[str, list[str]] = {}
    free = [
        name for name in sorted(draft.tables) if name not in {*draft.chosen.values(), *draft.shape.get("parts", ())}
    ]
    for kind, tables in _claims(draft, free).items():
        if kind in draft.chosen:
            continue
        if "table" not in draft.section(kind) and len(tables) == 1:
            draft.chosen[kind], draft.why[kind] = tables[0], BY_NAME
        elif "table" not in draft.section(kind):
            equal[kind] = tables
    settled = {*draft.chosen.values(), *(problem["table"] for problem in draft.problems)}
    left = [name for name in free if name not in settled]
    wanted = [kind.name for kind in KINDS if kind.name not in draft.chosen and "table" not in draft.section(kind.name)]
    found = kinds_by_cells({name: draft.tables[name] for name in left}, draft.chosen, draft.tables, draft.known)
    for kind_name in [name for name in wanted if name in found]:
        fitting = found[kind_name]
        if len(fitting) == 1:
            [(draft.chosen[kind_name], draft.why[kind_name])] = fitting.items()
        else:
            equal.setdefault(kind_name, sorted(fitting))
    for kind, names in equal.items():
        for name in names if kind not in draft.chosen else ():
            others = ", ".join(other for other in names if other != name)
            draft.problem(name, "", f"could be {kind}, and so could {others}", _decide(kind, name))


def _claims(draft: Draft, free: list[str]) -> dict[str, list[str]]:
    """Return the tables that fit each kind best by their names and the columns they have."""
    claims: dict[str, list[tuple[int, str]]] = {}
    for name in free:
        scores = sorted(((_score(draft, kind, draft.tables[name]), kind.name) for kind in KINDS), reverse=True)
        best = [kind for score, kind in scores if score and score == scores[0][0]]
        if len(best) > 1:
            cells = kinds_of_cells(draft.tables[name], draft.tables)
            best = [kind for kind in best if kind in cells] or best
        if len(best) == 1:
            claims.setdefault(best[0], []).append((scores[0][0], name))
        elif best:
            draft.problem(name, "", f"could be {' or '.join(sorted(best))}", _decide(min(best), name))
    return {
        kind: [name for score, name in entries if score == max(score for score, _name in entries)]
        for kind, entries in claims.items()
    }


def _decide(kind: str, table: str) -> str:
    return f'[legacy_db.{kind}] table = "{table}"'


def _score(draft: Draft, kind: Kind, table: Table) -> int:
    """Return how well a table fits a kind by names, 0 when it does not."""
    columns = columns_by_name(draft, kind, table, say=False)
    if any(needed not in columns for needed in kind.required):
        return 0
    if kind.name == "state" and table.rows and not table.signs[columns["task_id"]].unique:
        return 0  # a log of what tasks were looks like what they are
    if plain_name(table.name) == plain_name(kind.names[0]):
        return _FIRST_NAME + len(columns)
    named = {_called(table.name), _called(table.name.removeprefix(draft.prefix))}
    if named & {_called(known) for known in kind.names}:
        return _KNOWN_NAME + len(columns)
    if kind.name == "archive":  # nothing but its name tells it from the table of states
        return 0
    if words_speak_against(draft, kind.name, table, columns):
        return 0
    telling = sum(column in columns for column in kind.telling)
    return len(columns) if len(columns) >= kind.shape and telling >= min(2, len(kind.telling)) else 0


def kind_called(name: str, prefix: str) -> str:
    """Return the kind whose tables are called so, "" for none."""
    named = {_called(name), _called(name.removeprefix(prefix))}
    return next((kind.name for kind in KINDS if named & {_called(known) for known in kind.names}), "")


def _called(name: str) -> str:
    return plain_name(name).removesuffix("s")


def common_prefix(tables: Iterable[str]) -> str:
    """Return what the names of all tables begin with, up to a `_`: it says nothing of any of them."""
    first, *others = sorted(tables) or [""]
    prefix = first[: first.find("_") + 1]
    return prefix if len(others) >= _FEW and all(name.startswith(prefix) for name in others) else ""


def _place_columns(draft: Draft) -> None:
    """Place the columns of every chosen table; a table without what it needs is none."""
    for kind in KINDS:
        if kind.name not in draft.chosen:
            continue
        table = draft.tables[draft.chosen[kind.name]]
        found = columns_by_name(draft, kind, table, say=True)
        hints = draft.section(kind.name).get("columns", {})
        whole = {column.name: {plain_name(word) for tier in column.tiers for word in tier} for column in kind.columns}
        spoken = draft.spoken.get(kind.name, {})
        reasons = {
            ours: BY_PROFILE
            if hints.get(ours)
            else BY_NAME
            if plain_name(theirs) in whole[ours]
            else BY_CALLS
            if spoken.get(plain_name(theirs)) == ours
            else BY_PART
            for ours, theirs in found.items()
        }
        draft.columns[kind.name], draft.reasons[kind.name] = found, reasons
    words_of_numbers(draft)
    for name in ("history", *KIND, "history"):  # states by where their histories end, people by who holds tasks
        if name in draft.columns:
            assign_by_cells(draft, KIND[name])
            words_of_numbers(draft)
    say_unknown_statuses(draft)
    for kind in KINDS:
        lacking = [needed for needed in kind.required if needed not in draft.columns.get(kind.name, kind.required)]
        if lacking:
            table_name, why = draft.chosen[kind.name], draft.why[kind.name]
            by = "by its name or the profile" if why in (BY_NAME, BY_PROFILE) else f"because {why}"
            missing = " or its ".join(lacking)
            draft.problem(table_name, "", f"it is {kind.name} {by}, but no column is its {missing}")
            del draft.columns[kind.name], draft.reasons[kind.name]


def _is_internal(name: str) -> bool:
    return name.startswith(("sqlite_", "_sqlite_migrations"))
