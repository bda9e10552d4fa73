"""The UAT matrix: flows by environments and browsers, from what tests and people saw. It tells; it accepts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.reviews.routes.routing import explain_route
from fairway_scripts.utilities.uat.uat_results import (
    FAIL,
    NOT_RUN,
    OUTCOMES,
    PASS,
    flows_named,
    flows_unknown,
    result_row,
    title_of,
    worst,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.utilities.uat.uat_shapes import (
        Catalogue,
        Cell,
        Composed,
        Flow,
        FlowCell,
        FlowPlace,
        Gap,
        KnownPack,
        Loose,
        NamedCatalogue,
        Place,
        Result,
        ShownFlow,
        Source,
    )

PARTIAL = "partial"


def compose(
    catalogue: NamedCatalogue,
    results: list[Result],
    routes: Settings,
    statuses: Mapping[str, str] | None,
    packs: Sequence[KnownPack] | None,
) -> Composed:
    """The matrix as plain data.

    `catalogue` is as `flow_file.read_flows` gives it, with the name of its document, `results` are rows of
    `uat_results.result_row`. `routes` are the settings with the routes of paths, `statuses` the status of each task
    that is known (None without a project), `packs` the catalogue of regression packs (None where there is none). Flows
    are in the order of their catalogue; columns are the environments and browsers in that order, then what else was
    seen, sorted.
    """
    flows = catalogue["flows"]
    by_flow: dict[str, list[Result]] = {flow["id"]: _manual(flow, catalogue["document"]) for flow in flows}
    loose: list[Loose] = []
    for result in results:
        names = flows_named(result, flows)
        for name in names:
            by_flow[name].append(result)
        unknown = flows_unknown(result, flows)
        if unknown or not names:
            loose.append(
                {
                    "environment": result["environment"],
                    "browser": result["browser"],
                    "document": result["document"],
                    "file": result["file"],
                    "outcome": result["outcome"],
                    "title": title_of(result),
                    "names": unknown,
                }
            )
    columns = _columns(catalogue, [row for rows in by_flow.values() for row in rows])
    shown = [_flow(flow, by_flow[flow["id"]], columns, routes, statuses, packs) for flow in flows]
    cells: list[FlowCell] = [{"flow": flow["id"], **cell} for flow in shown for cell in flow["cells"]]
    expected = [cell for cell in cells if cell["expected"]]
    return {
        "outcome": _outcome(expected),
        "counts": {
            "flows": len(flows),
            "uncovered": sum(not flow["covered"] for flow in shown),
            "cells": {word: sum(cell["outcome"] == word for cell in expected) for word in OUTCOMES},
            "results": {word: sum(row["outcome"] == word for row in results) for word in OUTCOMES},
        },
        "columns": columns,
        "flows": shown,
        "uncovered": [flow["id"] for flow in shown if not flow["covered"]],
        "not_run": [_place_of(cell) for cell in expected if cell["outcome"] == NOT_RUN],
        "not_expected": [{**_place_of(cell), "outcome": cell["outcome"]} for cell in cells if not cell["expected"]],
        "gaps": gaps(shown, statuses, packs),
        "loose_results": sorted(loose, key=lambda row: (row["file"], row["title"], row["environment"], row["browser"])),
    }


def _manual(flow: Flow, document: str) -> list[Result]:
    """What people saw of a flow: the newest for each place, with a word on the one before."""
    newest: dict[tuple[str, str], Result] = {}
    for row in sorted(flow["manual"], key=lambda row: row["date"]):
        place = (row["environment"], row["browser"])
        before = newest.get(place)
        note = "; ".join(
            text for text in (row["note"], f"before: {before['outcome']} on {before['date']}" if before else "") if text
        )
        newest[place] = result_row(
            document, *place, row["result"], kind="manual", by=row["by"], date=row["date"], note=note
        )
    return list(newest.values())


def _columns(catalogue: Catalogue, results: Iterable[Result]) -> list[Place]:
    """Every environment and browser that a flow expects or that a result of one is of."""
    wanted = {
        (environment, browser)
        for flow in catalogue["flows"]
        for environment in flow["environments"]
        for browser in flow["browsers"]
    }
    wanted |= {(row["environment"], row["browser"]) for row in results}
    environments, browsers = (
        [*known, *sorted({place[at] for place in wanted} - set(known))]
        for at, known in enumerate((catalogue["environments"], catalogue["browsers"]))
    )
    order = [(one, other) for one in environments for other in browsers]
    return [{"environment": one, "browser": other} for one, other in order if (one, other) in wanted]


def _flow(
    flow: Flow,
    results: list[Result],
    columns: list[Place],
    routes: Settings,
    statuses: Mapping[str, str] | None,
    packs: Sequence[KnownPack] | None,
) -> ShownFlow:
    cells: list[Cell] = []
    for column in columns:
        place = (column["environment"], column["browser"])
        there = [row for row in results if (row["environment"], row["browser"]) == place]
        expected = column["environment"] in flow["environments"] and column["browser"] in flow["browsers"]
        if expected or there:
            cells.append(_cell(there, column, expected=expected))
    lanes, rules = _owners(flow, routes)
    known = {pack["id"]: pack for pack in packs or []}
    return {
        "id": flow["id"],
        "title": flow["title"],
        "lanes": lanes,
        "lane_rules": rules,
        "tasks": [{"task_id": name, "status": (statuses or {}).get(name, "")} for name in flow["tasks"]],
        "regression_packs": [
            {
                "pack_id": name,
                "title": known[name]["title"] if name in known else "",
                "gaps": known[name]["gaps"] if name in known else [],
            }
            for name in flow["regression_packs"]
        ],
        "covered": any(cell["outcome"] != NOT_RUN for cell in cells),
        "cells": cells,
    }


def _cell(results: list[Result], place: Place, *, expected: bool) -> Cell:
    spans = [row["seconds"] for row in results if row["seconds"] is not None]
    sources = [_source(row) for row in results]
    return {
        **place,
        "expected": expected,
        "outcome": worst(row["outcome"] for row in results),
        "counts": {word: sum(row["outcome"] == word for row in results) for word in OUTCOMES},
        "duration_seconds": round(sum(spans), 3) if spans else None,
        "sources": sorted(sources, key=lambda row: (row["kind"], row["document"], row["file"], row["title"])),
    }


def _source(row: Result) -> Source:
    return {
        "title": title_of(row),
        "kind": row["kind"],
        "document": row["document"],
        "file": row["file"],
        "file_line": row["file_line"],
        "outcome": row["outcome"],
        "seconds": row["seconds"],
        "retries": row["retries"],
        "message": row["message"],
        "note": row["note"],
        "by": row["by"],
        "date": row["date"],
    }


def _owners(flow: Flow, routes: Settings) -> tuple[list[str], list[str]]:
    """(the lanes that own a flow, the rules that say so): as the catalogue says, else by the routes of its paths."""
    if flow["lane"]:
        return [flow["lane"]], ["catalogue"]
    found: dict[str, None] = {}
    rules: dict[str, None] = {}
    for path in flow["paths"]:
        route = explain_route(path, routes=routes["review_routes"], sensitive=routes["sensitive_paths"])
        if route["lane"]:
            found[route["lane"]] = None
            rules[route["rule"]] = None
    return list(found), list(rules)


def gaps(flows: list[ShownFlow], statuses: Mapping[str, str] | None, packs: Sequence[KnownPack] | None) -> list[Gap]:
    """What a reader would not find by looking at the cells: `{code, flow, name, message}`, in the order of the flows.

    A flow that no lane owns, tasks and packs that are not there, the gaps that the packs themselves name, and packs
    of the catalogue that no flow names.
    """
    found = []
    told: set[str] = set()
    for flow in flows:
        if not flow["lanes"]:
            found.append(_gap("no_lane", flow["id"], "", "no lane is named, and no route owns its paths"))
        found += [
            _gap("unknown_task", flow["id"], task["task_id"], "there is no such task")
            for task in flow["tasks"]
            if statuses is not None and task["task_id"] not in statuses
        ]
        for pack in flow["regression_packs"]:
            name = pack["pack_id"]
            if packs is not None and name not in [known["id"] for known in packs]:
                found.append(_gap("unknown_pack", flow["id"], name, "the catalogue has no such pack"))
            if name not in told:
                found += [_gap("pack_gap", flow["id"], name, text) for text in pack["gaps"]]
            told.add(name)
        if not flow["regression_packs"]:
            found.append(_gap("no_pack", flow["id"], "", "names no regression pack"))
    idle = [pack["id"] for pack in packs or [] if pack["id"] not in told]
    return [*found, *(_gap("pack_without_flow", "", name, "no flow names this pack") for name in idle)]


def _gap(code: str, flow: str, name: str, message: str) -> Gap:
    return {"code": code, "flow": flow, "name": name, "message": message}


def _place_of(cell: FlowCell) -> FlowPlace:
    return {"flow": cell["flow"], "environment": cell["environment"], "browser": cell["browser"]}


def _outcome(cells: list[FlowCell]) -> str:
    """`pass` when every expected cell passed, `fail` when one failed, else `partial`."""
    words = {cell["outcome"] for cell in cells}
    if FAIL in words:
        return FAIL
    return PASS if words == {PASS} else PARTIAL
