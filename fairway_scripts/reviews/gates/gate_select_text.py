"""What a change calls for, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.calls.artifact import code_block, markdown_table
from fairway_scripts.reviews.gates.gate_select_rules import CHECK, DOMAIN, GATE, PACK, REVIEWER, matched_text

if TYPE_CHECKING:
    from fairway_scripts.reviews.judged_shapes import Selected

_TITLES = (
    *((GATE, "Gates"), (PACK, "Regression packs"), (REVIEWER, "Reviewers")),
    *((DOMAIN, "Review domains"), (CHECK, "Checks")),
)
_COLUMNS = (("name", "name"), ("rule", "asked for by"), ("matched", "recognised by"))


def selection_lines(found: Selected) -> list[str]:
    """The lines: what was looked at, what applies by kind, the commands, and what does not apply and why."""
    lines = ["# What this change has to pass", "", f"task: {found['task_id'] or 'none named'}"]
    lines += [f"lane: {found['lane']}"] if found["lane"] else []
    if found["commit_sha"]:
        lines.append(f"change: {found['ref']} ({found['commit_sha'][:12]}) since {found['base']}")
    lines.append(f"changed paths: {len(found['changed_paths'])}")
    lines += [f"- {path}" for path in found["changed_paths"][:20]]
    hidden = len(found["changed_paths"]) - 20
    lines += [f"- ... {hidden} more"] if hidden > 0 else []
    waived = "" if found["shape"] == found["shape_needed"] else f", waived from {found['shape_needed']}"
    lines += ["", f"review: {found['shape']}{waived}"]
    lines += [f"- {text}" for text in found["shape_text"]]
    lines += [f"- risk level: {found['risk_level']}"] if found["risk_level"] else []
    lines += [f"- not known: {fault}" for fault in found["faults"]]
    if found["waiver"]:
        waiver = found["waiver"]
        counts = "" if waiver["covers"] else f", which does not count: {waiver['why_not']}"
        lines.append(f"- waiver {waiver['id']} of {waiver['owner']}: {waiver['reason']}{counts}")
    lines += [f"- the task names the pack {name}, which {found['catalog']} has not" for name in found["unknown_packs"]]
    for kind, title in _TITLES:
        rows = [{**entry, "matched": matched_text(entry["matched"])} for entry in found["selected"]]
        rows = [entry for entry in rows if entry["kind"] == kind]
        if kind == DOMAIN and not rows:
            continue
        lines += ["", f"## {title}", ""]
        lines += markdown_table(rows, _COLUMNS) if rows else ["None."]
    if found["commands"]:
        lines += ["", "## Commands", "", *code_block("\n".join(entry["command"] for entry in found["commands"]))]
    if found["not_needed"]:
        columns = (("kind", "kind"), ("name", "name"), ("why", "why not"))
        lines += ["", "## Considered and not needed", "", *markdown_table(found["not_needed"], columns)]
    return lines
