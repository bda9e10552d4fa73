"""Results as aligned Markdown tables, which read as well on a terminal. What is read from bench.json gives the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import front_door
import hot
import wear
from imports import ROWS
from peers import PAIRS

if TYPE_CHECKING:
    from collections.abc import Callable

    from verdicts import Budget

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def whole(results: dict[str, Any], budgets: list[Budget]) -> str:
    """The report of one run."""
    parts = [_about(results)]
    parts += [write(results[name]) for name, write in _PARTS.items() if name in results]
    parts.append(_budgets(budgets))
    return "\n\n".join(parts) + "\n"


def replace_block(page: str, text: str) -> str:
    """The page with `text` between its two markers; raises ValueError when it does not have them."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table: the first column left, the others right; columns are padded."""
    widths = [max(len(row[place]) for row in [header, *rows]) for place in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = []
    for row in [header, rule, *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def by_size(entry: tuple[str, Any]) -> int:
    """The order of entries whose name is a number of tasks (the keys of a JSON object are text)."""
    return int(entry[0])


def _about(results: dict[str, Any]) -> str:
    machine, quiet = results["machine"], results["quiet"]
    programs = [f"Python {machine['python']}", f"SQLite {machine['sqlite']}"]
    programs += [machine[name] for name in ("ruby", "git", "make") if machine[name]]
    if machine["taskwarrior"]:
        programs.append(f"Taskwarrior {machine['taskwarrior']}")
    idle = ["?" if one["idle"] is None else f"{one['idle']:.0%}" for one in quiet["readings"]]
    state = "quiet" if quiet["quiet"] else "BUSY: other work ran beside this, so trust the ratios more than the times"
    load = " and ".join(f"{one['load'][0]:.2f}" for one in quiet["readings"])
    what = f"Measured {results['started_at']} in {results['seconds']:.0f} s, version {results['version']}"
    how = f"with {results['runner']}; medians of {results['rounds']} interleaved rounds."
    lines = [
        f"{what}, {how}",
        "",
        f"- Machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}",
        f"- Programs: {', '.join(programs)}",
        f"- Before and after: {' and '.join(idle)} idle, load {load}: {state}",
    ]
    return "\n".join(lines)


def _hot(measured: dict[str, Any]) -> str:
    rows = {(row["name"], row["size"]): row["median_ms"] for row in measured["rows"]}
    sizes = sorted({size for _name, size in rows if size})
    base = measured["base"]
    ruby = rows.get((hot.RUBY, 0))
    header = ["ms, cold process", *(f"{size:,} tasks" for size in sizes), "x Python", "x Ruby"]
    lines = []
    for name in (hot.BARE, hot.SQLITE, hot.RUBY):
        if (name, 0) in rows:
            took = rows[name, 0]
            beside = ["" for _ in sizes[1:]]
            lines.append([f"`{name}`", f"{took:.1f}", *beside, *_ratios(took, rows[hot.BARE, 0], ruby)])
    for name in [*hot.COMMANDS, *(f"make {name}" for name in hot.THROUGH_MAKE)]:
        cells = [f"{rows[name, size]:.1f}" if (name, size) in rows else "" for size in sizes]
        lines.append([name, *cells, *_ratios(rows[name, base], rows[hot.BARE, 0], ruby)])
    log = ", ".join(f"{size} MB at {int(tasks):,}" for tasks, size in sorted(measured["log_mb"].items(), key=by_size))
    notes = f"The ratios are those at {base:,} tasks. The stores' write-ahead logs afterwards: {log}."
    return f"### Hot commands\n\n{table(header, lines)}\n\n{notes}"


def _ratios(took: float, bare: float, ruby: float | None) -> list[str]:
    return [f"{took / bare:.2f}", f"{took / ruby:.2f}" if ruby else "-"]


def _memory(memory: dict[str, Any]) -> str:
    peaks = memory["peak_mb"]
    shown = {hot.BARE: f"`{hot.BARE}`", hot.SQLITE: f"`{hot.SQLITE}`"}
    names = [name for name in (*shown, *hot.COMMANDS) if name in peaks]
    lines = [[shown.get(name, name), f"{peaks[name]:.1f}"] for name in names]
    return f"### Peak memory at {memory['size']:,} tasks\n\n{table(['process', 'MB'], lines)}"


def _wear(worn: dict[str, Any]) -> str:
    before, after = worn["before"], worn["after"]
    lines = [
        [f"{name}, ms", f"{before[name]:.1f}", f"{after[name]:.1f}", f"{after[name] / before[name]:.2f}"]
        for name in (wear.READ, wear.WRITE)
    ]
    lines.append(["write-ahead log, MB", f"{before['log_mb']:.1f}", f"{after['log_mb']:.1f}", ""])
    header = ["what", "before", "after", "ratio"]
    return f"### A store of {worn['size']:,} tasks after {worn['writes']:,} more writes\n\n{table(header, lines)}"


def _crowd(crowd: dict[str, Any]) -> str:
    fewest, most = crowd["claims_of_one_process"]
    verified = {True: "sound", False: "NOT SOUND", None: "not checked"}[crowd["verified"]]
    lines = [
        [f"claim {crowd['tasks']:,} ready tasks, one process a claim", f"{crowd['claims_per_s']:.1f} claims/s"],
        ["wall time", f"{crowd['claims_wall_s']:.1f} s"],
        ["claims of as many tasks by one `fairway batch`", f"{crowd['batch_claims_per_s']:.0f} claims/s"],
        ["commits of a row each, SQLite alone in one process (the floor)", f"{crowd['commits_per_s']:.0f} commits/s"],
        ["claimed twice / left over", f"{crowd['double_claims']} / {crowd['left_over']}"],
        ["lock errors / other errors", f"{crowd['lock_errors']} / {crowd['other_errors']}"],
        ["claims of the slowest / fastest claimer", f"{fewest} / {most}"],
        [f"winners of {len(crowd['race_winners'])} races for one task", " ".join(map(str, crowd["race_winners"]))],
        ["records written at once, kept", f"{crowd['writes_kept']} of {crowd['writes']}"],
        ["wall time of these", f"{crowd['writes_wall_s']:.2f} s"],
        ["the store afterwards (queue-verify)", verified],
    ]
    return f"### {crowd['processes']} processes at once\n\n{table(['what', 'measured'], lines)}"


_ENGINES = {
    "sqlite": "SQLite",
    "postgres": "PostgreSQL, its log flushed at each commit",
    "plain": "its floor: the same statements alone, prepared, in one message",
    "procrastinate": "procrastinate, a job fetched",
}


def _engines(engines: dict[str, Any]) -> str:
    races = engines["claims_per_s"]
    clients = list(races["sqlite"])
    lines = [
        [
            _ENGINES[name],
            *(f"{found[many]['per_s']:,} ({found[many]['least']} to {found[many]['most']})" for many in clients),
        ]
        for name, found in races.items()
    ]
    header = ["claims/s (of the slowest and the fastest client)", *(f"{many} connected" for many in clients)]
    parts = [f"### Engines\n\n{table(header, lines)}"]
    lines = [
        [_ENGINES[name], *(f"{found[many]['client_ms']:.2f} + {found[many]['server_ms']:.2f}" for many in clients)]
        for name, found in races.items()
    ]
    header = ["processor time of a claim, ms: client + server", *header[1:]]
    parts.append(table(header, lines))
    if engines["missing"]:
        parts.append(engines["missing"])
    if engines["far_ms"]:
        rows = [[name, f"{ways['here']:.0f}", f"{ways['far']:.0f}"] for name, ways in engines["far_ms"].items()]
        parts.append(table(["whole cold command on PostgreSQL, ms", "socket", "20 ms there and back"], rows))
    return "\n\n".join(parts)


def _imports(imports: list[dict[str, Any]]) -> str:
    header = ["ms", *(f"{one['tasks']:,} tasks, {one['lines']:,} lines" for one in imports)]
    names = [name for name in ROWS if name in imports[0]["processes_ms"]]
    shown = {name: f"{name} (whole process)" for name in names}
    lines = [[shown[name], *(f"{one['processes_ms'].get(name, 0):.0f}" for one in imports)] for name in names]
    for name, label in (("events", "libyaml events alone (inside)"), ("import", "import, new store (inside)")):
        lines += [[label, *(f"{one['inside_ms'][name]:.0f}" for one in imports)]]
    return f"### Import (`{imports[0]['command']}`)\n\n{table(header, lines)}"


def _installed(ratios: dict[str, float]) -> str:
    lines = [[name, f"{ratio:.2f}"] for name, ratio in ratios.items()]
    return f"### Installed\n\n{table(['an installed tool', 'x the time of the checkout'], lines)}"


def _git_check(check: dict[str, Any]) -> str:
    if not check["median_ms"]:
        return "### queue-git-check\n\nThis checkout has no queue-git-check yet."
    counts = check["git_processes"]
    medians = sorted(check["median_ms"].items(), key=by_size)
    lines = [[f"{int(size):,}", f"{took:.1f}", str(counts[size])] for size, took in medians]
    return f"### queue-git-check\n\n{table(['tasks', 'ms', 'git processes'], lines)}"


def _tick(found: dict[str, Any]) -> str:
    if not found["median_ms"]:
        return "### Orchestrator\n\nThis checkout has no orchestrator tools yet."
    counts = found["git_processes"]
    sizes = sorted(counts, key=int)
    header = ["ms, five lanes with worktrees", *(f"{int(size):,} tasks" for size in sizes)]
    lines = [[name, *(f"{took[size]:.1f}" for size in sizes)] for name, took in found["median_ms"].items()]
    lines.append(["git processes of a tick", *(str(counts[size]) for size in sizes)])
    return f"### Orchestrator\n\n{table(header, lines)}"


def _front_door(found: dict[str, Any]) -> str:
    medians, added = found["median_ms"], found["added_ms"]
    bare = medians[hot.BARE]
    lines = [
        [f"`{hot.BARE}`", f"{bare:.1f}", "", ""],
        [front_door.ORIGINAL, f"{medians[front_door.ORIGINAL]:.1f}", "", ""],
    ]
    lines += [
        [f"{name} ({what})", f"{medians[name]:.1f}", f"{added[name]:.1f}", f"{added[name] / bare:.2f}"]
        for name, what in front_door.ROWS.items()
    ]
    header = ["ms, an older name during a cut-over", "median", "added", "x Python"]
    return f"### Front door\n\n{table(header, lines)}"


def _surfaces(runs: list[dict[str, Any]]) -> str:
    """The pages that people look at; every row is the worst of its pages."""

    def row(label: str, values: list[Any]) -> list[str]:
        return [label, *("-" if value is None else f"{value:g}" for value in values)]

    pages, screens = [run["dashboard"] for run in runs], [run["terminal"] for run in runs]
    lines = [
        row("first byte, ms", [max(one["first_byte_ms"].values()) for one in pages]),
        row("first paint in Chromium, ms", [max(one["paint_ms"].values(), default=None) for one in pages]),
        row("a page compressed, KB", [round(max(one["gzip_bytes"].values()) / 1000, 1) for one in pages]),
        row("an unknown path, ms", [one["unknown_ms"] for one in pages]),
        row("a command's end to its event in a stream, 95 %, ms", [one["event_ms"]["p95"] for one in pages]),
        row("to its row on the screen, 95 %, ms", [_p95(one["screen_ms"]) for one in pages]),
        row("beside 200 streams: to each of them, 95 %, ms", [_p95(one["crowd"]["event_ms"]) for one in pages]),
        row("beside 200 streams: to the screen, 95 %, ms", [_p95(one["crowd"]["screen_ms"]) for one in pages]),
        row("200 streams, killed writers, a restart: seconds", [one["minute"]["seconds"] for one in pages]),
        row("in these: deliveries", [one["minute"]["deliveries"] for one in pages]),
        row("in these: lost", [one["minute"]["lost"] for one in pages]),
        row("in these: told twice", [one["minute"]["doubled"] for one in pages]),
        row("in these: to each stream, 95 %, ms", [_p95(one["minute"]["delays"]) for one in pages]),
        row("in these: memory, MB (RSS)", [one["minute"]["memory_mb"]["rss"] for one in pages]),
        row("processor while idle, %", [one["idle_percent"] for one in pages]),
        row("memory at the start, MB (PSS)", [one["start_mb"]["pss"] for one in pages]),
        row("memory, every panel computed, MB (PSS)", [one["all_panels_mb"]["pss"] for one in pages]),
        row("memory, every panel computed, MB (RSS)", [one["all_panels_mb"]["rss"] for one in pages]),
        row("memory at its most, MB (RSS)", [one["all_panels_mb"]["peak"] for one in pages]),
        row("terminal: first screen, ms", [one["first_ms"]["median"] for one in screens]),
        row("terminal: first screen with its counts, ms", [one["counted_ms"]["median"] for one in screens]),
        row("terminal: until it takes keys, ms", [one["ready_ms"]["median"] for one in screens]),
        row("terminal: processor time until then, ms", [one["ready_processor_ms"]["median"] for one in screens]),
        row("terminal: a key to its first byte, 95 %, ms", [one["key_ms"]["p95"] for one in screens]),
        row("terminal: processor while idle, %", [one["idle_percent"] for one in screens]),
        row("terminal: memory after all views, MB (RSS)", [one["walked_mb"]["rss"] for one in screens]),
    ]
    header = ["dashboard and terminal page", *(f"{run['size']:,} tasks" for run in runs)]
    return f"### What people look at\n\n{table(header, lines)}"


def _p95(spread: dict[str, float] | None) -> float | None:
    """What 95 of 100 samples are not above, None where nothing was measured."""
    return spread["p95"] if spread else None


def _taskwarrior(runs: list[dict[str, Any]]) -> str:
    if not runs:
        return "### Taskwarrior\n\nTaskwarrior is not installed here."
    header = ["ms, the same tasks", *(f"{one['size']:,} tasks" for one in runs)]
    names = [name for pair in PAIRS.items() for name in pair]
    lines = [[name, *(f"{one['median_ms'][name]:.1f}" for one in runs)] for name in names]
    rounds = ", ".join(f"{one['rounds']} at {one['size']:,}" for one in runs)
    return f"### Taskwarrior\n\nRounds: {rounds}.\n\n{table(header, lines)}"


def _budgets(budgets: list[Budget]) -> str:
    lines = [[one.asked, one.measured, one.verdict] for one in budgets]
    missed = [one for one in budgets if one.met is False]
    unmeasured = sum(one.met is None for one in budgets)
    summary = f"{sum(one.met is True for one in budgets)} met, {len(missed)} not met, {unmeasured} not measured."
    listing = "\n".join(f"- Not met: {one.asked}; measured {one.measured}." for one in missed)
    parts = ["### Budgets", table(["budget", "measured", "verdict"], lines), summary, listing]
    return "\n\n".join(part for part in parts if part)


#: What writes which part of the results, in the order of the report.
_PARTS: dict[str, Callable[[Any], str]] = {
    "hot": _hot,
    "installed": _installed,
    "memory": _memory,
    "wear": _wear,
    "crowd": _crowd,
    "engines": _engines,
    "imports": _imports,
    "git_check": _git_check,
    "tick": _tick,
    "front_door": _front_door,
    "surfaces": _surfaces,
    "taskwarrior": _taskwarrior,
}
