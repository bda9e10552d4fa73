"""What kind of failure a failed job shows, by the rules of the configuration, and the lanes that own what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.base.words.watchers import FAILURE_CLASSES
from fairway_scripts.formats.ci_excerpts import LONGEST_LINE, failing_places, files_in, go_files, project_path
from fairway_scripts.reviews.routes.routing import explain_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.base.settings_shape import CiFailureRule, Settings
    from fairway_scripts.formats.excerpt_shapes import Block, NumberedLine
    from fairway_scripts.utilities.ci.ci_shapes import Classed, Job, RoutedFile, Suspect

UNCLASSIFIED = "unclassified"
#: So many lines of a failed job are held against the rules, and so many files of it are named.
MOST_LINES, _MOST_PATHS = 400, 40


def classify(rules: Iterable[CiFailureRule], job: str, step: str, lines: Sequence[str]) -> Classed:
    """The failure class of a failed job by the first rule of `ci.failure_rules` that fits.

    A rule fits when each of its patterns does: `job` in the job's name, `step` in the name of the step that failed,
    `line` in one of the failing lines. Returns `{failure_class, rule, matched, means}`; without a rule that fits the
    class is `unclassified`: nothing is guessed.
    """
    for rule in rules:
        matched = _fits(rule, job, step, lines)
        if matched is not None:
            means = FAILURE_CLASSES[rule["class"]]
            return {"failure_class": rule["class"], "rule": rule["name"], "matched": matched, "means": means}
    return {
        "failure_class": UNCLASSIFIED,
        "rule": "",
        "matched": "",
        "means": "no rule of ci.failure_rules fits: somebody has to look at it",
    }


def _fits(rule: CiFailureRule, job: str, step: str, lines: Sequence[str]) -> str | None:
    """What in the job a rule fits, in words; None when it does not."""
    words = []
    for name, wanted, text in (("job", rule["job"], job), ("step", rule["step"], step)):
        if wanted:
            if not text or not compile_pattern(wanted).search(text[:LONGEST_LINE]):
                return None
            words.append(f"{name} {text!r}")
    if rule["line"]:
        pattern = compile_pattern(rule["line"])
        line = next((line for line in lines if pattern.search(line[:LONGEST_LINE])), None)
        if line is None:
            return None
        words.append(f"line {line.strip()[:200]!r}")
    return ", ".join(words) if words else None


def lines_to_judge(log: Sequence[NumberedLine]) -> list[str]:
    """The failing lines of a failed job's log, which the rules look at."""
    return [log[place]["text"] for place in failing_places(log)[:MOST_LINES]]


def named_files(job: Job, blocks: Iterable[Block], roots: Sequence[str]) -> dict[str, int]:
    """The files of the project that a failed job names, each with the line that was named first (0 for none)."""
    found = [(failure["file"], failure["file_line"] or 0) for failure in job["failures"]]
    found += [(path, 0) for path in job["paths"]]
    texts = [line["text"] for block in blocks for line in block["lines"]]
    texts += [text for failure in job["failures"] for text in failure["lines"]]
    found += [entry for text in texts for entry in files_in(text)]
    found += go_files(texts)
    kept: dict[str, int] = {}
    for written, line in found:
        path = project_path(written, roots)
        if path and (len(kept) < _MOST_PATHS or path in kept):
            kept[path] = kept.get(path) or line
    # a test runner also names a file from its own folder: that is the same file
    return {path: line for path, line in kept.items() if not any(other.endswith(f"/{path}") for other in kept)}


def routed(files: dict[str, int], settings: Settings) -> list[RoutedFile]:
    """Each file with the owner route that it matches: path, line, lane and rule ("" where nothing routes it)."""
    rows: list[RoutedFile] = []
    for path, line in files.items():
        route = explain_route(path, routes=settings["review_routes"], sensitive=settings["sensitive_paths"])
        rows.append({"path": path, "line": line or None, "lane": route["lane"], "rule": route["rule"]})
    return rows


def suspects(files: Iterable[RoutedFile], lanes: Sequence[str]) -> list[Suspect]:
    """The lanes that own the named files: lane, rules and paths, in the order of the configuration."""
    found: dict[str, Suspect] = {}
    for row in files:
        if row["lane"]:
            entry = found.setdefault(row["lane"], {"lane": row["lane"], "rules": [], "paths": []})
            entry["rules"] += [row["rule"]] if row["rule"] not in entry["rules"] else []
            entry["paths"] += [row["path"]] if row["path"] not in entry["paths"] else []
    order = [*lanes, *found]
    return sorted(found.values(), key=lambda entry: order.index(entry["lane"]))
