"""A UAT matrix as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.calls.artifact import cell, markdown_table

if TYPE_CHECKING:
    from fairway_scripts.utilities.uat.uat_shapes import Cell, Checked, Gap, Matrix, Place, ShownFlow, Source


_FLOWS = (
    *(("id", "flow"), ("title", "title"), ("lane_text", "owner lane"), ("task_text", "tasks")),
    ("pack_text", "regression packs"),
)
_LOOSE = (
    *(("title", "result"), ("file", "file"), ("environment", "environment"), ("browser", "browser")),
    *(("outcome", "outcome"), ("names", "names the flow"), ("document", "document")),
)
_DOCUMENTS = (("name", "document"), ("adapter", "read as"), ("bytes", "bytes"), ("sha256", "sha256"))


def matrix_lines(matrix: Matrix) -> list[str]:
    """The lines of a matrix of `uat_matrix`."""
    lines = ["# UAT Matrix", "", *_summary(matrix), "", "## Matrix", "", *_table(matrix)]
    lines += ["", "## Flows", "", *markdown_table([_flow(flow) for flow in matrix["flows"]], _FLOWS)]
    lines += _section("Failed And Flaky", _not_passed(matrix))
    lines += _section("Expected But Not Run", [f"- {_place(row['flow'], row)}" for row in matrix["not_run"]])
    uncovered = [f"- {cell(flow['id'])}: {cell(flow['title'])}" for flow in matrix["flows"] if not flow["covered"]]
    lines += _section("Uncovered Flows", uncovered)
    lines += _section(
        "Seen, Not Expected", [f"- {_place(row['flow'], row)}: {row['outcome']}" for row in matrix["not_expected"]]
    )
    lines += _section("Gaps", [_gap(row) for row in matrix["gaps"]] + _unchecked(matrix["checked"]))
    lines += _section(
        "Results Of No Known Flow", markdown_table(matrix["loose_results"], _LOOSE) if matrix["loose_results"] else []
    )
    lines += _section("Findings", [f"- {cell(row['place'])}: {cell(row['message'])}" for row in matrix["findings"]])
    return [*lines, "", "## Documents", "", *markdown_table(matrix["documents"], _DOCUMENTS)]


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *lines] if lines else []


def _summary(matrix: Matrix) -> list[str]:
    counts = matrix["counts"]
    cells = counts["cells"]
    rows = [("At", matrix["at"])]
    rows.append(("Flows", f"{counts['flows']}, {counts['uncovered']} uncovered"))
    rows.append(("Expected cells", f"{sum(cells.values())}: {_counted(cells)}"))
    rows.append(("Test results", _counted(counts["results"]) or "none"))
    return [f"- {name}: {cell(text)}" for name, text in rows if text]


def _counted(counts: dict[str, int]) -> str:
    order = ("pass", "fail", "flaky", "not run")
    return ", ".join(f"{counts[word]} {word}" for word in order if counts[word])


def _table(matrix: Matrix) -> list[str]:
    columns = [("id", "flow")]
    columns += [(_key(column), cell(f"{column['environment']} {column['browser']}")) for column in matrix["columns"]]
    rows = [{"id": flow["id"], **{_key(one): _cell_text(one) for one in flow["cells"]}} for flow in matrix["flows"]]
    return markdown_table(rows, columns)


def _key(place: Place) -> str:
    return f"{place['environment']}\0{place['browser']}"


def _cell_text(one: Cell) -> str:
    notes = []
    total = sum(one["counts"].values())
    if one["outcome"] != "not run" and one["counts"]["not run"]:
        notes.append(f"{one['counts']['not run']} of {total} not run")
    if one["sources"] and all(source["kind"] == "manual" for source in one["sources"]):
        notes.append("by hand")
    if not one["expected"]:
        notes.append("not expected")
    return one["outcome"] + (f" ({', '.join(notes)})" if notes else "")


def _flow(flow: ShownFlow) -> dict[str, object]:
    by = "" if flow["lane_rules"] in ([], ["catalogue"]) else f" (by {', '.join(flow['lane_rules'])})"
    return {
        **flow,
        "lane_text": ", ".join(flow["lanes"]) + by,
        "task_text": [f"{task['task_id']} ({task['status'] or 'unknown'})" for task in flow["tasks"]],
        "pack_text": [pack["pack_id"] for pack in flow["regression_packs"]],
    }


def _not_passed(matrix: Matrix) -> list[str]:
    return [
        f"- {_place(flow['id'], one)}: {source['outcome']}: {_source(source)}"
        for flow in matrix["flows"]
        for one in flow["cells"]
        for source in one["sources"]
        if source["outcome"] in ("fail", "flaky")
    ]


def _source(source: Source) -> str:
    where = source["file"] + (f":{source['file_line']}" if source["file"] and source["file_line"] else "")
    retries = source["retries"]
    facts = [
        where,
        clock.took(source["seconds"]),
        f"{retries} {'retry' if retries == 1 else 'retries'}" if retries else "",
        source["note"],
        source["document"],
    ]
    about = ", ".join(cell(fact) for fact in facts if fact)
    said = f": {cell(source['message'])}" if source["message"] else ""
    return f"{cell(source['title'])} ({about}){said}"


def _place(flow: str, row: Place) -> str:
    return cell(f"{flow} > {row['environment']} {row['browser']}")


def _gap(row: Gap) -> str:
    place = ": ".join(cell(text) for text in (row["flow"], row["name"]) if text)
    return f"- {row['code']}: {place}: {cell(row['message'])}"


def _unchecked(checked: Checked) -> list[str]:
    """What could not be looked up is said, so that silence is no good sign."""
    lines = [] if checked["tasks"] else ["- not checked: there is no project here that knows the tasks"]
    return lines + ([] if checked["regression_packs"] else ["- not checked: there is no catalogue of regression packs"])
