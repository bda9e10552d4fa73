"""A deploy packet as Markdown."""

from __future__ import annotations

from typing import Any

from fairway_scripts.calls.artifact import cell, markdown_table

Row = dict[str, Any]

_COLUMNS = (
    *(("service", "service"), ("field", "field"), ("result", "result"), ("expected", "expected")),
    *(("observed", "observed"), ("note", "note"), ("source", "found in")),
)
_EXTRA = (("environment", "environment"), ("service", "service"), ("field", "field"), ("observed", "observed"))
_DOCUMENTS = (
    *(("side", "side"), ("name", "document"), ("adapter", "read as"), ("bytes", "bytes"), ("sha256", "sha256")),
)


def packet_lines(packet: Row) -> list[str]:
    """The lines of a packet of `deploy_packet`."""
    counts = packet["counts"]
    lines = [f"# Deploy Packet: {packet['outcome']}", ""]
    summary = [("At", packet["at"]), ("Environment", packet["environment"])]
    summary.append(("Fields", ", ".join(f"{counts[word]} {word}" for word in ("match", "differs", "missing"))))
    if counts["unexpected"]:
        summary.append(("Observed, not expected", str(counts["unexpected"])))
    lines += [f"- {name}: {cell(text)}" for name, text in summary if text]
    for row in packet["rows"]:
        if row["result"] != "match":
            lines.append(f"- {row['result']}: {_said(row)}")
    for name in dict.fromkeys(row["environment"] for row in packet["rows"]):
        rows = [row for row in packet["rows"] if row["environment"] == name]
        columns = [column for column in _COLUMNS if column[0] not in ("note", "source") or _any(rows, column[0])]
        lines += ["", f"## Environment {cell(name)}", "", *markdown_table(rows, columns)]
    if packet["unexpected"]:
        lines += ["", "## Observed, Not Expected", "", *markdown_table(packet["unexpected"], _EXTRA)]
    if packet["findings"]:
        lines += ["", "## Findings", ""]
        lines += [f"- {row['code']}: {cell(row['place'])}: {cell(row['message'])}" for row in packet["findings"]]
    return [*lines, "", "## Documents", "", *markdown_table(packet["documents"], _DOCUMENTS)]


def _any(rows: list[Row], key: str) -> bool:
    return any(row[key] for row in rows)


def _said(row: Row) -> str:
    place = cell(f"{row['environment']} > {row['service']} > {row['field']}")
    if row["result"] == "missing":
        return f"{place}: expected {cell(row['expected'])}, {cell(row['note'])}"
    note = f" ({cell(row['note'])})" if row["note"] else ""
    return f"{place}: expected {cell(row['expected'])}, observed {cell(row['observed'])}{note}"
