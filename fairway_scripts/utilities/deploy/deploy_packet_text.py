"""A deploy packet as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.calls.artifact import cell, markdown_table

if TYPE_CHECKING:
    from fairway_scripts.utilities.deploy.deploy_shapes import DeployPacket, FieldRow


_COLUMNS = (
    *(("service", "service"), ("field", "field"), ("result", "result"), ("expected", "expected")),
    *(("observed", "observed"), ("note", "note"), ("source", "found in")),
)
_EXTRA = (("environment", "environment"), ("service", "service"), ("field", "field"), ("observed", "observed"))
_DOCUMENTS = (
    *(("side", "side"), ("name", "document"), ("adapter", "read as"), ("bytes", "bytes"), ("sha256", "sha256")),
)


def packet_lines(packet: DeployPacket) -> list[str]:
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
        noted = {"note": any(row["note"] for row in rows), "source": any(row["source"] for row in rows)}
        columns = [column for column in _COLUMNS if noted.get(column[0], True)]
        lines += ["", f"## Environment {cell(name)}", "", *markdown_table(rows, columns)]
    if packet["unexpected"]:
        lines += ["", "## Observed, Not Expected", "", *markdown_table(packet["unexpected"], _EXTRA)]
    if packet["findings"]:
        lines += ["", "## Findings", ""]
        lines += [f"- {row['code']}: {cell(row['place'])}: {cell(row['message'])}" for row in packet["findings"]]
    return [*lines, "", "## Documents", "", *markdown_table(packet["documents"], _DOCUMENTS)]


def _said(row: FieldRow) -> str:
    place = cell(f"{row['environment']} > {row['service']} > {row['field']}")
    if row["result"] == "missing":
        return f"{place}: expected {cell(row['expected'])}, {cell(row['note'])}"
    note = f" ({cell(row['note'])})" if row["note"] else ""
    return f"{place}: expected {cell(row['expected'])}, observed {cell(row['observed'])}{note}"
