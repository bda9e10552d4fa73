"""The result of a parity run as Markdown, and as lines for a terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from fairway_scripts.cutover.parity.parity_report import as_text

_WHOLE_WORDS: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
_TITLES = {
    "mismatch": "Differences that nobody has explained",
    "explained": "Explained differences",
    "not compared": "Not compared",
    "match": "The same on both sides",
}


def parity_lines(data: dict[str, Any]) -> list[str]:
    """What a terminal shows: the counts, then every row that is no match; what was not compared by its reason."""
    lines = [summary(data)]
    left: dict[str, list[str]] = {}
    for row in data["rows"]:
        if row["verdict"] == "not compared":
            left.setdefault(row["why"], []).append(row["id"])
        if row["verdict"] in ("match", "not compared"):
            continue
        lines.append(f"{row['verdict']}: {row['id']}")
        lines += [f"  {difference_text(entry)}" for entry in row["differences"]]
        lines += [f"  explained by {text}" for text in row["explained_by"]]
        if row["verdict"] == "mismatch":
            lines.append(f"  again: {row['repeat']}")
    for why, names in left.items():
        lines.append(f"not compared ({len(names)}): {why}")
        lines += textwrap.wrap(", ".join(names), 118, initial_indent="  ", subsequent_indent="  ", **_WHOLE_WORDS)
    return lines + [f"explains nothing: {place}" for place in data["unused"]]


def summary(data: dict[str, Any]) -> str:
    """The counts in a sentence."""
    counts = ", ".join(f"{number} {verdict}" for verdict, number in data["counts"].items())
    return f"compared {data['repo']} at {data['commit'][:12]}: {counts}"


def difference_text(entry: dict[str, Any], most: int = 0) -> str:
    """One difference in a line, with our error word; each side as a pattern of `match` sees it.

    `most` is how much of a side is shown, in characters; 0 for all of it.
    """
    word = f" ({entry['word']})" if entry.get("word") else ""
    return f"{entry['field']}: {', '.join(f'{side} {_shown(entry[side], most)}' for side in ('legacy', 'own'))}{word}"


def _shown(value: Any, most: int) -> str:
    text = "nothing" if value in (None, "", []) else as_text(value)
    return f"{text[: most - 3].rstrip()}..." if most and len(text) > most else text


def parity_page(data: dict[str, Any]) -> str:
    """The whole result as a Markdown page."""
    lines = ["# Parity run", "", summary(data) + ".", ""]
    lines += [
        f"- when: {data['at']}",
        f"- older command: {_code(data['legacy_cmd']) or 'none: the older scripts were not run'}",
        f"- captures: {_code(data['cases']) or 'none'}",
    ]
    if data["preset"]:
        lines.append("- configuration: the gpuaas preset, because the copy has none of its own")
    for verdict, title in _TITLES.items():
        rows = [row for row in data["rows"] if row["verdict"] == verdict]
        if rows:
            lines += ["", f"## {title} ({len(rows)})", "", *_section(verdict, rows)]
    if data["unused"]:
        lines += ["", "## Entries of differences.toml that explain nothing", ""]
        lines += [f"- {place}" for place in data["unused"]]
    return "\n".join(lines) + "\n"


def _section(verdict: str, rows: list[dict[str, Any]]) -> list[str]:
    beside = {"not compared": ("why", "why"), "match": ("compared with", "source")}.get(verdict)
    if beside:
        title, key = beside
        cells = [f"| {_cell(row['id'])} | {_cell(row[key])} |" for row in rows]
        return [f"| what | {title} |", "|---|---|", *cells]
    lines: list[str] = []
    for row in rows:
        lines += [f"### {row['id']}", "", f"Compared with {row['source']}.", ""]
        lines += [f"- {_inline(difference_text(entry))}" for entry in row["differences"]]
        lines += [f"- explained by {_inline(text)}" for text in row["explained_by"]]
        lines += [f"- raw: {', '.join(_code(f'raw/{name}') for name in row['raw'])}"] if row["raw"] else []
        lines += ["", "```", row["repeat"], "```", ""]
    return lines[:-1]


def _inline(text: str) -> str:
    return text.replace("\n", " ").replace("<", "\\<")


def _cell(text: str) -> str:
    return _inline(text).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
