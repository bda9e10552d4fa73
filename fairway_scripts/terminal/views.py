"""The six views: what each shows, from which verbs, and what can be done with a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.base.settings import initial_status
from fairway_scripts.board import windows
from fairway_scripts.board.health_rules import age
from fairway_scripts.board.inbox import lane_inbox
from fairway_scripts.board.reports import status_report
from fairway_scripts.calls.answer import shown
from fairway_scripts.lanes.elsewhere import hosts_text
from fairway_scripts.runs.watchers import watcher_status
from fairway_scripts.sessions.sessions import session_status
from fairway_scripts.terminal.rows import Asked, Row, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairway_scripts.board.board_shapes import Action, InboxHandoff, InboxRequest, MarkedFinding, WindowEvent
    from fairway_scripts.lanes.lane_shapes import LaneRow
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs.run_shapes import CurrentWatcher
    from fairway_scripts.sessions.session_shapes import SeenSession
    from fairway_scripts.store.rows import WindowsTasksAfter
    from fairway_scripts.terminal.terminal_shapes import Answer, DoctorAnswer, LanesAnswer, TickAnswer

#: Actions of the tick that are shown: a person takes the first, and 100,000 tasks have tens of thousands.
_ACTIONS: Final = "200"
#: What stands in a cell whose value is not known yet; it is no number.
_UNKNOWN: Final = "..."


class View:
    """A short list: all of its rows are read at once."""

    #: the tools that it asks besides, each with its words: they are slower and come later
    calls: tuple[tuple[str, ...], ...] = ()
    windowed = False
    #: whether it shows what waits for the lane of the person
    is_mine = False

    def __init__(
        self, name: str, columns: Sequence[str], rows: Callable[[Project, Asked], list[Row]], *, empty: str = ""
    ) -> None:
        self.name = name
        #: what is said where there is no row
        self.empty = empty or "nothing matches"
        self.columns = tuple(columns)
        self._rows = rows

    def rows(self, project: Project, asked: Asked) -> list[Row]:
        """The rows that match."""
        return keep(self._rows(project, asked), asked)

    def outline(self, lanes: Sequence[str], asked: Asked) -> list[Row]:
        """The rows as far as they follow from the lanes of the project, until the store has answered; [] for none."""
        del lanes, asked
        return []

    def with_answers(self, rows: list[Row], answers: Sequence[Answer], asked: Asked) -> list[Row]:
        """The rows with what the `calls` have answered (JSON objects; one that failed is empty)."""
        del answers, asked
        return rows


class Windowed(View):
    """A long list: a window of it is read after or before a row."""

    windowed = True

    def __init__(self, name: str, columns: Sequence[str]) -> None:
        super().__init__(name, columns, lambda _project, _asked: [])

    def window(self, project: Project, asked: Asked, key: Row | None, rows: int, *, back: bool = False) -> list[Row]:
        """At most `rows` rows after `key` (None: from the start), with `back` before it (None: from the end)."""
        raise NotImplementedError

    def count(self, project: Project, asked: Asked) -> int:
        """How many rows there are in all."""
        raise NotImplementedError


class _Board(Windowed):
    def window(self, project: Project, asked: Asked, key: Row | None, rows: int, *, back: bool = False) -> list[Row]:
        place = key.board if key is not None else None
        found = windows.task_window(project, asked.found(), key=place, rows=rows, back=back)
        return [_task(project, data) for data in found]

    def count(self, project: Project, asked: Asked) -> int:
        return windows.task_count(project, asked.found())


class _Activity(Windowed):
    def window(self, project: Project, asked: Asked, key: Row | None, rows: int, *, back: bool = False) -> list[Row]:
        place = key.event if key is not None else None
        found = windows.event_window(project, asked.found(), key=place, rows=rows, back=back)
        return [_event(data) for data in found]

    def count(self, project: Project, asked: Asked) -> int:
        return windows.event_count(project, asked.found())


class _Lanes(View):
    calls = (("worktree-status", "--json"),)

    def outline(self, lanes: Sequence[str], asked: Asked) -> list[Row]:
        counts = (_UNKNOWN,) * (len(self.columns) - 1)
        return keep([_lane(lane, counts) for lane in lanes], asked)

    def with_answers(self, rows: list[Row], answers: Sequence[Answer], asked: Asked) -> list[Row]:
        del asked
        places = {lane["lane"]: _worktree(lane) for lane in cast("LanesAnswer", answers[0]).get("lanes", [])}
        return [row._replace(cells=(*row.cells[:-1], places.get(row.lane, "not known"))) for row in rows]


class _Mine(View):
    is_mine = True


class _Next(View):
    calls = (("orchestrator-tick", "--json", "--limit", _ACTIONS), ("queue-doctor", "--json"))

    def with_answers(self, rows: list[Row], answers: Sequence[Answer], asked: Asked) -> list[Row]:
        del rows
        tick, doctor = cast("tuple[TickAnswer, DoctorAnswer]", answers)
        found = [_action(row) for row in tick.get("actions", [])]
        more = tick.get("totals", {}).get("actions", 0) - len(found)
        if more > 0:
            found.append(_note("more", "next", f"{more} more: orchestrator-tick", suggest("orchestrator-tick")))
        found += [_finding(row) for row in doctor.get("findings", []) if not row["suppressed"]]
        for name, answer in (("orchestrator-tick", tick), ("queue-doctor", doctor)):
            if not answer:
                found.append(_note(name, "error", f"{name} gave no answer", suggest(name)))
        if doctor and not doctor.get("findings"):
            found.append(_note("doctor", "doctor", "ok", suggest("queue-doctor")))
        return keep(found, asked)


def _lanes(project: Project, _asked: Asked) -> list[Row]:
    report = status_report(project)
    live = session_status(project)["sessions"]
    rows = []
    for lane, counts in report["by_lane"].items():
        sessions = sum(row["lane"] == lane for row in live)
        cells = (lane, report["ready_by_lane"][lane], counts.get("in_progress", 0), counts.get("blocked", 0))
        done = sum(counts.get(status, 0) for status in project.settings["states"]["terminal"])
        texts = [str(cell) for cell in (*cells, done, sum(counts.values()), sessions)]
        rows.append(_lane(lane, (*texts[1:], _UNKNOWN)))
    return rows


def _lane(lane: str, cells: tuple[str, ...]) -> Row:
    return Row(lane, (lane, *cells), lane=lane, line=suggest("queue-ready", ROLE=lane))


def _worktree(lane: LaneRow) -> str:
    if not lane["exists"]:
        return hosts_text(lane["elsewhere"]) if lane["elsewhere"] else "none"
    state = f"{lane['changed_count']} changed" if lane["dirty"] else "clean"
    steps = "" if lane["ahead"] is None else f" +{lane['ahead']} -{lane['behind']}"
    return f"{state}{steps} {lane['branch'] or '(detached)'}"


def _task(project: Project, data: WindowsTasksAfter) -> Row:
    state = data["status"]  # of a task that nobody has begun it says less than whether somebody can
    if data["ready"]:
        state = "ready"
    elif data["open_blockers"] and state == initial_status(project.settings):
        state = f"waits for {data['open_blockers']}"
    since = _age(data["status_since"])
    cells = (data["id"], data["lane"], state, shown(data["owner"]), since, data["title"])
    return Row(data["id"], tuple(map(_one_line, cells)), data["id"], data["lane"], board=data)


def _event(data: WindowEvent) -> Row:
    cells = (data["at"][5:19].replace("T", " "), data["actor"], data["kind"], data["task_id"], data["summary"])
    return Row(str(data["id"]), tuple(map(_one_line, cells)), data["task_id"], data["lane"] or "", event=data)


def _inbox(project: Project, asked: Asked) -> list[Row]:
    found = lane_inbox(project, asked.mine)
    rows = []
    for asks in found["requests"]:
        about = asks["review_domain"] or asks["shape"] or ""
        cells = ("review", asks["task_id"], asks["lane"], about, _age(asks["created_at"]), asks["title"])
        rows.append(_waiting(f"review {asks['id']}", cells, asks))
    for gives in found["handoffs"]:
        whom, whose = gives["to_role"] or "anybody", f"from {gives['from_role']}"
        cells = ("handoff", gives["task_id"], whom, whose, _age(gives["created_at"]), gives["title"])
        rows.append(_waiting(f"handoff {gives['id']}", cells, gives))
    return rows


def _waiting(key: str, cells: tuple[str, ...], data: InboxRequest | InboxHandoff) -> Row:
    return Row(key, tuple(map(_one_line, cells)), data["task_id"], data["task_lane"], data["command"])


def _sessions(project: Project, _asked: Asked) -> list[Row]:
    rows = []
    for data in session_status(project)["sessions"]:
        how = data["process"] if data["process"] != "unknown" else data["status"]
        who = f"{data['backend']}/{data['provider']}" if data["provider"] else data["backend"]
        who += f" on {data['host']}" if how == "elsewhere" and data["host"] else ""
        news = _age(data["last_heartbeat_at"] or data["started_at"])
        cells = ("session", data["session_id"], data["lane"], how, data["task_id"], news, who)
        line = suggest("session-reconcile") if how == "dead" else ""
        rows.append(_attached(data["session_id"], cells, data, line))
    for watcher in watcher_status(project, lane="", everything=False)["watchers"]:
        state = "stale" if watcher["stale"] else watcher["status"]
        news = clock.span_text(watcher["age_seconds"])
        about = watcher["stale"] or watcher["process"] or watcher["command"]
        told = ("watcher", watcher["watch_id"], watcher["lane"], state, watcher["task_id"], news, about)
        rows.append(_attached(watcher["watch_id"], told, watcher, watcher["fix"] if watcher["stale"] else ""))
    return rows


def _attached(key: str, cells: tuple[str | None, ...], data: SeenSession | CurrentWatcher, line: str) -> Row:
    return Row(f"{cells[0]} {key}", tuple(map(_one_line, cells)), data["task_id"] or "", data["lane"] or "", line)


def _next(_project: Project, _asked: Asked) -> list[Row]:
    return [_note("wait", "...", "asking orchestrator-tick and queue-doctor", "")]


def _action(data: Action) -> Row:
    cells = ("next", data["action"], data["lane"], data["task_id"], data["reason"])
    key = f"{data['action']} {data['lane']} {data['task_id']} {data['command']}"
    return Row(key, tuple(map(_one_line, cells)), data["task_id"] or "", data["lane"] or "", data["command"])


def _finding(data: MarkedFinding) -> Row:
    cells = ("doctor", data["level"], "", "", f"{data['key']}: {data['message']}")
    return Row(f"doctor {data['key']} {data['message']}", tuple(map(_one_line, cells)), line=data["fix"])


def _note(key: str, kind: str, text: str, line: str) -> Row:
    return Row(f"note {key}", (kind, "", "", "", text), line=line)


def _age(at: str | None) -> str:
    return clock.span_text(age(at, clock.now())) if at else ""


def _one_line(cell: str | None) -> str:
    return shown(cell) if cell else ""


VIEWS: Final[tuple[View, ...]] = (
    _Lanes("lanes", ("lane", "ready", "active", "blocked", "done", "all", "live", "worktree"), _lanes),
    _Board("board", ("id", "lane", "state", "owner", "since", "title")),
    _Mine(
        "reviews",
        ("waits", "task", "for", "about", "since", "title"),
        _inbox,
        empty="no review or handoff waits for this lane",
    ),
    View(
        "sessions",
        ("what", "id", "lane", "state", "task", "news", "about"),
        _sessions,
        empty="no live session and no watcher at work",
    ),
    _Activity("activity", ("at (UTC)", "actor", "kind", "task", "summary")),
    _Next("next", ("from", "action", "lane", "task", "reason"), _next),
)
#: The tools that views ask by themselves, which nobody has to wait for.
ASKED: Final = frozenset(call[0] for view in VIEWS for call in view.calls)
