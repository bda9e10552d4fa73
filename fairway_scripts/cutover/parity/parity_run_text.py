"""The result of a parity run as Markdown, and as lines for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from fairway_scripts.cutover.parity.parity_report import as_text

if TYPE_CHECKING:
    from fairway_scripts.cutover.parity.parity_shapes import Difference, RunResult, RunRow

_TITLES = {
    "mismatch": "Differences that nobody has explained",
    "explained": "Explained differences",
    "not compared": "Not compared",
    "match": "The same on both sides",
}


def parity_lines(data: RunResult) -> list[str]:
    """Return what a terminal shows: the counts, every row that is no match, what was not compared by its reason."""
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
        listed = textwrap.TextWrapper(
            118, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
        lines += listed.wrap(", ".join(names))
    return lines + [f"explains nothing: {place}" for place in data["unused"]]


def summary(data: RunResult) -> str:
    """Write the counts in a sentence."""
    counts = ", ".join(f"{number} {verdict}" for verdict, number in data["counts"].items())
    return f"compared {data['repo']} at {data['commit'][:12]}: {counts}"


def difference_text(entry: Difference, most: int = 0) -> str:
    """Write one difference in a line, with our error word; each side as a pattern of `match` sees it.

    `most` is how much of a side is shown, in characters; 0 for all of it.
    """
    word = f" ({entry['word']})" if entry.get("word") else ""
    return f"{entry['field']}: legacy {_shown(entry['legacy'], most)}, own {_shown(entry['own'], most)}{word}"


def _shown(value: object, most: int) -> str:
    text = "nothing" if value in (None, "", []) else as_text(value)
    return f"{text[: most - 3].rstrip()}..." if most and len(text) > most else text


def parity_page(data: RunResult) -> str:
    """Write the whole result as a Markdown page."""
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


def _section(verdict: str, rows: list[RunRow]) -> list[str]:
    if verdict in ("not compared", "match"):
        title = "why" if verdict == "not compared" else "compared with"
        cells = [f"| {_cell(row['id'])} | {_cell(row['why'] or row['source'])} |" for row in rows]
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
