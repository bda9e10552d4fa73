"""What was found in an old database and what became of it, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.calls.answer import shown, table

if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import TableTally
    from fairway_scripts.cutover.mapping.mapping_shapes import LegacyImport, Problem, ToldMapping
    from fairway_scripts.store.legacy_types import Shape

#: Reasons of columns that need no line of their own.
_PLAIN_REASONS = ("its name", "the profile says so")
_COUNTS = ("new", "changed", "known", "left")


def legacy_lines(outcome: LegacyImport) -> list[str]:
    """Write the counts of each table, the mapping, and everything that could not be placed."""
    verb = "would take in" if outcome["dry_run"] else "took in"
    counts = ", ".join(_counts(outcome).values())
    lines = [f"{verb} {outcome['database']}: {counts}; {len(outcome['tasks'])} tasks changed"]
    rows = [{**entry, "rows": f"{entry['rows']} rows", **_counts(entry)} for entry in outcome["tables"]]
    lines += [f"  {line}" for line in table(rows, ["kind", "table", "rows", *_COUNTS])]
    return [*lines, *_mapping_lines(outcome["mapping"]), *_rest_lines(outcome["tables"])]


def _counts(counted: LegacyImport | TableTally) -> dict[str, str]:
    return {
        "new": f"{counted['new']} new",
        "changed": f"{counted['changed']} changed",
        "known": f"{counted['known']} known",
        "left": f"{counted['left']} left out",
    }


def _shape_lines(shape: Shape) -> list[str]:
    lines = [
        f"{table}: each {column} is a table of its own" for table, (column, _all) in shape.get("types", {}).items()
    ]
    lines += [
        f"{table}.{column}: read as {place[0]}.{place[2]}"
        for table, places in shape.get("lookups", {}).items()
        for column, place in places.items()
    ]
    lines += [
        f"{table}: with the lines of {place[0]} as {name}"
        for table, places in shape.get("lists", {}).items()
        for name, place in places.items()
    ]
    for named, places in shape.get("claims", {}).items():
        for name, (other, _key, column, _order, end, word, _own) in places.items():
            said = end and (f" with {end} {word}" if word else f" without {end}")
            lines.append(f"{named}: {name} is {other}.{column} of the last row for it{said}")
    lines += [
        f"{name}: the last row of each {task} by {by}" for name, (_log, task, by) in shape.get("latest", {}).items()
    ]
    for named, members in shape.get("members", {}).items():
        for column in dict.fromkeys(place[0] for place in members.values()):
            names = ", ".join(name for name, place in members.items() if place[0] == column)
            lines.append(f"{named}.{column}: read as its members {names}")
    return lines + [f"{table}: without rows that {column} marks" for table, column in shape.get("void", {}).items()]


def _mapping_lines(mapping: ToldMapping) -> list[str]:
    lines = _shape_lines(mapping.get("shape", {}))
    lines.append("columns:")
    for kind, entry in mapping["kinds"].items():
        pairs = [ours if ours == theirs else f"{ours}={theirs}" for ours, theirs in entry["columns"].items()]
        lines.append(f"  {kind}: {' '.join(pairs)}")
        if entry["unused"]:
            lines.append(f"  {kind}, columns not read: {' '.join(entry['unused'])}")
        lines += [
            f"  {kind}.{ours} = {entry['columns'][ours]}: {why}"
            for ours, why in entry["reasons"].items()
            if ours in entry["columns"] and why not in _PLAIN_REASONS
        ]
    for family, words in mapping["words"].items():
        pairs_of_words = " ".join(f"{theirs}={ours}" for theirs, ours in sorted(words.items()))
        lines += [f"  words of {family}: {pairs_of_words}"] if pairs_of_words else []
    if mapping["missing"]:
        lines.append(f"no table was found for: {' '.join(mapping['missing'])}")
    if mapping["tables"]:
        lines.append(f"tables that were not read: {' '.join(mapping['tables'])}")
    lines += [f"unclear: {problem_line(problem)}" for problem in mapping["problems"]]
    for unplaced in mapping["unplaced"]:
        place = ".".join(part for part in (unplaced["table"], unplaced["column"]) if part)
        lines.append(f"no place here for: {place}: {unplaced['rows']} row(s) with a value")
    return lines


def problem_line(problem: Problem) -> str:
    """Return what is not clear as people read it: its table and column, what about it, and the line that decides."""
    place = ".".join(part for part in (problem["table"], problem["column"]) if part)
    decide = f"; say {problem['decide']}" if problem["decide"] else ""
    return f"{place}: {problem['message']}{decide}" if place else f"{problem['message']}{decide}"


def _rest_lines(tables: list[TableTally]) -> list[str]:
    lines = []
    for entry in tables:
        for word, found in (("not placed", entry["not_placed"]), ("remark", entry["remarks"])):
            for item in found:
                more = ", ..." if item["rows"] > len(item["keys"]) else ""
                keys = f"{', '.join(map(shown, item['keys']))}{more}"
                lines.append(f"{word}: {entry['table'] or entry['kind']}: {item['rows']} row(s): {item['why']}: {keys}")
    return lines
