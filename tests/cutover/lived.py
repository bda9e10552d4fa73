"""Databases that both stand-ins have after some days of work, and variants of them: the same rows under other names."""

from __future__ import annotations

import atexit
import functools
import random
import re
import shutil
import sqlite3
from contextlib import closing
from typing import Any

import tests.legacy_standin.standin as standin_a
import tests.legacy_standin_b.standin as standin_b
from tests.legacy_standin.standin import LegacyProject
from tests.support.folders import fresh_folder
from tests.support.repositories import git
from tests.support.shell import queue_text, task

#: The tasks of stand-in a's project; b has those of its own tree.
TASKS_A = [
    task("A-1", "A-backend", priority=1),
    task("A-2", "A-backend", priority=2, depends_on=["A-1"]),
    task("B-1", priority=1),
    task("B-2", priority=2),
    task("B-3", priority=3),
]
IDS = {
    "a": frozenset(entry["id"] for entry in TASKS_A),
    "b": frozenset(
        {
            *("A-PROV-SCHED-001", "A-PROV-REMOVE-SSH", "A-BILL-LEDGER-002", "A-DEMO-UAT-001", "C-KIND-NET-001"),
            *("B-V3-ACK-SUPPRESS-CONTROL-001", "B-V3-THEME-002", "B-V3-LIST-003", "C-BACKUP-002"),
        }
    ),
}


def _columns(text: str) -> dict[str, str]:
    """`ours=theirs` pairs, or one name for both."""
    return {ours: theirs or ours for ours, _, theirs in (word.partition("=") for word in text.split())}


#: stand-in -> kind -> the table and our columns = theirs: what a person who knows the scripts would write down.
TRUTH: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "a": {
        "state": (
            "task_state",
            _columns(
                "task_id status owner branch claimed_at completed_at commit_sha review_required "
                "review_status review_roles reviewer reviewed_at review_note updated_at"
            ),
        ),
        "history": (
            "task_state_history",
            _columns(
                "task_id from_status to_status command_source actor reason at to_owner=owner "
                "to_branch=branch to_commit_sha=commit_sha"
            ),
        ),
        "handoffs": (
            "task_handoffs",
            _columns(
                "task_id owner branch commit_sha commands results changed_files risks blockers next_step "
                "to_role payload acknowledged_at created_at"
            ),
        ),
        "evidence": (
            "task_evidence",
            _columns(
                "task_id handoff_id command_text result artifact_path artifact_type duration_seconds notes created_at"
            ),
        ),
        "reviews": (
            "task_reviews",
            _columns("task_id reviewer_role reviewer verdict reviewed_commit_sha route_reason notes created_at"),
        ),
        "sessions": (
            "agent_sessions",
            _columns(
                "id role lane worktree_path branch session_backend provider session_name task_id pid "
                "tmux_pane transcript_path status started_at last_heartbeat_at ended_at exit_code "
                "end_reason"
            ),
        ),
        "checkpoints": (
            "track_checkpoints",
            _columns("state owner summary artifact_path target_close_by created_at subject_id=track_id"),
        ),
    },
    "b": {
        "state": (
            "work_items",
            _columns(
                "task_id=key status=state owner=held_by branch=topic_branch commit_sha=landed_sha "
                "completed_at=finished blocked_reason=stuck_because updated_at=touched"
            ),
        ),
        "archive": (
            "shelf",
            _columns(
                "task_id=key status=state owner=held_by branch=topic_branch commit_sha=landed_sha "
                "completed_at=finished updated_at=shelved"
            ),
        ),
        "history": (
            "item_log",
            _columns("task_id=item from_status=was to_status=became actor=who reason=why at=stamp"),
        ),
        "evidence": (
            "proof",
            _columns(
                "task_id=item command_text=ran result=verdict artifact_path=file artifact_type=file_kind "
                "duration_seconds=took notes=remark created_at=stamp"
            ),
        ),
        "handoffs": (
            "relay",
            _columns(
                "task_id=item owner=giver branch=topic_branch commit_sha=sha commands=ran "
                "results=came_out changed_files=paths risks=hazards next_step=next_up to_role=for_lane "
                "acknowledged_at=taken_at created_at=stamp"
            ),
        ),
        "reviews": (
            "verdicts",
            _columns(
                "task_id=item reviewer_role=lane reviewer=reader verdict=says reviewed_commit_sha=sha "
                "notes=remark created_at=stamp"
            ),
        ),
        "requests": (
            "asks",
            _columns("task_id=item role=lane commit_sha=sha rules=because answered_by=answer created_at=stamp"),
        ),
        "sessions": (
            "seats",
            _columns(
                "id=seat lane provider=tool session_backend=via task_id=item worktree_path=cwd "
                "branch=topic_branch pid status=phase started_at=began last_heartbeat_at=seen "
                "ended_at=over_at exit_code"
            ),
        ),
        "checkpoints": (
            "tracks",
            _columns("subject_id=track state owner=keeper target_close_by=due summary=gist created_at=stamp"),
        ),
    },
}


class Lived(LegacyProject):
    """Stand-in a's project at a clock that a story moves on."""

    clock = "2026-03-02 08:00:00"

    def typed(self, *words: str, cwd: str = "") -> None:
        """`make -s WORDS` that has to succeed."""
        answer = self.make(*words, cwd=cwd, env={"LEGACY_NOW": self.clock, "ACTOR": "agent-7"})
        assert answer.code == 0, (words, answer)


def live_on_a(project: Lived) -> None:
    """Three days: work done with reviews, a task held, one blocked, reviews asked for and not answered."""
    lane, one = project.lanes["A-backend"], "TASK_ID=A-1"
    project.typed("queue-claim", "ROLE=A-backend", "OWNER=A", one, cwd=lane)
    project.clock = "2026-03-02 08:05:00"
    project.typed("agent-launch", "ROLE=A-backend", "TASK_ID=A-1", cwd=lane)
    sha = project.commit("A-backend", "doc/architecture/Scheduler.md")
    project.clock = "2026-03-02 15:40:12"
    project.typed("queue-record-evidence", one, "COMMAND_TEXT=go test ./cmd/...", "RESULT=fail", "DURATION_SECONDS=12")
    project.typed(
        *("queue-record-evidence", one, "COMMAND_TEXT=go test ./cmd/...", "RESULT=pass", "DURATION_SECONDS=14"),
        *("ARTIFACT_PATH=README.md", "ARTIFACT_TYPE=command_log", "NOTES=second run"),
    )
    project.typed(
        *(
            "queue-record-handoff",
            one,
            "OWNER=A",
            "BRANCH=agent/A-backend",
            f"COMMIT={sha}",
            "COMMANDS=go test ./cmd/...",
        ),
        *(
            "RESULTS=all of them pass",
            "CHANGED_FILES=doc/architecture/Scheduler.md",
            "RISKS=it may grow",
            "TO_ROLE=D-arch",
        ),
        cwd=lane,
    )
    project.typed("queue-route-review", one, f"REF={sha}", cwd=lane)
    project.clock = "2026-03-03 09:00:00"
    for role, who in (("D-arch", "D"), ("E-governance", "E")):
        review = (f"REVIEWER_ROLE={role}", f"REVIEWER={who}", "STATUS=approved", f"COMMIT={sha}", "NOTE=No findings.")
        project.typed("queue-record-review", one, *review)
    git(project.main, "merge", "--quiet", "--ff-only", sha)
    for path in project.lanes.values():
        git(path, "merge", "--quiet", "--ff-only", "master")
    project.clock = "2026-03-03 09:30:00"
    project.typed("queue-set-status", one, "STATUS=done", "OWNER=A", "BRANCH=agent/A-backend", f"COMMIT={sha}")
    project.typed("queue-claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=B-1", cwd=project.lanes["B-ui"])
    project.clock = "2026-03-03 11:00:00"
    other = project.commit("B-ui", "doc/governance/alerts.md")
    project.typed("queue-route-review", "TASK_ID=B-1", f"REF={other}", cwd=project.lanes["B-ui"])
    project.typed("queue-set-status", "TASK_ID=B-2", "STATUS=blocked", "BLOCKED_REASON=the bucket is not there")
    project.typed(
        *("orchestrator-checkpoint", "TRACK_ID=alerts", "STATE=active", "SUMMARY=half of it", "OWNER=B"),
        "TARGET_CLOSE_BY=2026-03-09",
    )


@functools.cache
def lived(stand_in: str) -> tuple[str, str]:
    """The main checkout of a project of a stand-in after some days, and its database; made once a process."""
    folder = fresh_folder("lived-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if stand_in == "a":
        made = standin_a.make_legacy_project(
            folder, queue_text(*TASKS_A, roles=("A-backend", "B-ui", "D-arch", "E-governance"))
        )
        project = Lived(made.main, made.lanes)
        live_on_a(project)
    else:
        found = standin_b.make_legacy_project(folder)
        standin_b.live_some_days(found)
        project = Lived(found.main, found.lanes)
    return project.main, standin_a.legacy_db(project.main)


class Variant:
    """A database with the rows of another under other names: `tables` and `columns` say which became which."""

    def __init__(self, path: str, draw: random.Random, *, rename: str = "random", cell: Any = None) -> None:
        self.draw = draw
        self.rename = rename
        self.tables: dict[str, str] = {}
        self.columns: dict[tuple[str, str], str] = {}
        self.statements: list[tuple[str, list[Any]]] = []
        with closing(sqlite3.connect(path)) as source:
            source.row_factory = sqlite3.Row
            names = [row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            names = [name for name in names if not name.startswith("sqlite_")]
            draw.shuffle(names)
            for name in names:
                self.tables[name] = self._name(name)
            for name in names:
                info = source.execute(f'PRAGMA table_info("{name}")').fetchall()
                for row in info:
                    self.columns[name, row["name"]] = self._name(row["name"], name)
            for name in names:
                self._copy(source, name, cell)

    def _name(self, name: str, table: str = "") -> str:
        taken = {new for (of, _old), new in self.columns.items() if of == table} if table else set(self.tables.values())
        while True:
            new = name
            if self.rename == "random":
                new = "".join(self.draw.choices("bcdfgjkqvwxz", k=5)) + str(self.draw.randint(0, 99))
            elif self.rename == "styled":
                styles = [name.upper(), name.title().replace("_", ""), f"aq_{name}" if not table else name]
                new = self.draw.choice(styles)
            if new not in taken:
                return new

    def _copy(self, source: sqlite3.Connection, name: str, cell: Any) -> None:
        info = list(source.execute(f'PRAGMA table_info("{name}")').fetchall())
        keys = {row["from"]: (row["table"], row["to"]) for row in source.execute(f'PRAGMA foreign_key_list("{name}")')}
        self.draw.shuffle(info)
        parts = []
        for row in info:
            part = f'"{self.columns[name, row["name"]]}" {row["type"]}{" PRIMARY KEY" if row["pk"] else ""}'
            if row["name"] in keys:
                table, column = keys[row["name"]]
                part += f' REFERENCES "{self.tables[table]}"("{self.columns[table, column]}")'
            parts.append(part + self._declared(source, name, row["name"]))
        lines = [part.replace("\0", ",", 1) if "\0" in part else f"{part}," for part in parts[:-1]]
        lines.append(parts[-1].replace("\0", "", 1))
        self.statements.append((f'CREATE TABLE "{self.tables[name]}" (\n' + "\n".join(lines) + "\n)", []))
        columns = [row["name"] for row in info]
        marks = ", ".join("?" for _ in columns)
        for row in source.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):
            cells = [row[column] if cell is None else cell(name, column, row[column]) for column in columns]
            self.statements.append((f'INSERT INTO "{self.tables[name]}" VALUES ({marks})', cells))

    @staticmethod
    def _declared(source: sqlite3.Connection, table: str, column: str) -> str:
        """The remark behind a column in its declaration, after a mark for the comma."""
        sql = source.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        found = re.search(rf"\b{column}\b[^\n,]*,? *(--[^\n]*)", sql)
        return f"\0 {found[1]}" if found else ""

    def fill(self, connection: sqlite3.Connection) -> None:
        """Make the tables and rows in a database."""
        for statement, cells in self.statements:
            connection.execute(statement, cells)
        connection.commit()
