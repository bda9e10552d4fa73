"""A project in which something is going on: five days of work in three lanes, with fixed times."""

from __future__ import annotations

from pathlib import Path

from tests.support.shell import Checkout, make_checkout, queue_text, task

#: When somebody looks at it.
NOW = "2026-11-20T16:20:00Z"
_TASKS = [
    ("A-LEASE-001", "A-backend", "Persist node leases over a restart", {"priority": 1}),
    ("A-LEASE-002", "A-backend", "Hand a lease over without a gap", {"priority": 1, "depends_on": ["A-LEASE-001"]}),
    ("A-QUOTA-001", "A-backend", "Count a quota once per region", {"priority": 2}),
    ("A-QUOTA-002", "A-backend", "Tell a caller which quota was hit", {"priority": 2}),
    ("B-ALERT-001", "B-ui", "Acknowledge an alert from the list", {"priority": 1}),
    ("B-ALERT-002", "B-ui", "Say who acknowledged an alert", {"priority": 2, "depends_on": ["B-ALERT-001"]}),
    ("B-FORM-001", "B-ui", "Keep what was typed when a form is refused", {"priority": 2}),
    ("B-FORM-002", "B-ui", "Name the field that a refusal is about", {"priority": 3}),
    ("C-BUILD-001", "C-ops", "Cache the build of the agent image", {"priority": 1}),
    ("C-BUILD-002", "C-ops", "Run the smoke test on staging", {"priority": 2}),
    ("C-BUILD-003", "C-ops", "Retry an upload that was cut off", {"priority": 3, "depends_on": ["C-BUILD-002"]}),
]


def make_lively(parent: Path) -> Checkout:
    """The project, made with the tools."""
    queue = queue_text(*(task(name, lane, title=title, **more) for name, lane, title, more in _TASKS))
    project = make_checkout(parent, queue, lanes=["A-backend", "B-ui", "C-ops"])

    def at(stamp: str, tool: str, *words: str, actor: str = "coordinator") -> None:
        project.ok(tool, *words, "--actor", actor, env={"FAIRWAY_NOW": f"2026-11-{stamp}:00Z"})

    def finished(stamp: str, task_id: str, lane: str, actor: str) -> None:
        at(f"{stamp}T09:10", "queue-claim", task_id, "--role", lane, "--owner", lane[0], actor=actor)
        at(f"{stamp}T11:40", "queue-record-evidence", task_id, "--command-text", "make test", "--result", "pass")
        force = ("--force", "--reason", "merged before the tools were there")
        at(f"{stamp}T14:25", "queue-set-status", task_id, "--status", "done", *force)

    at("16T08:00", "queue-ready")
    finished("16", "A-QUOTA-001", "A-backend", "ana")
    finished("17", "C-BUILD-001", "C-ops", "cy")
    finished("18", "B-FORM-001", "B-ui", "bea")
    at("18T15:00", "queue-claim", "C-BUILD-002", "--role", "C-ops", "--owner", "C", actor="cy")
    at(
        "19T10:30",
        "queue-set-status",
        "C-BUILD-002",
        "--status",
        "blocked",
        "--reason",
        "no key for staging",
        actor="cy",
    )
    at("19T09:00", "queue-claim", "A-LEASE-001", "--role", "A-backend", "--owner", "A", actor="ana")
    at("20T14:50", "queue-claim", "B-ALERT-001", "--role", "B-ui", "--owner", "B", actor="bea")
    commit = project.commit("B-ui", "doc/api/alerts.yaml", message="B-ALERT-001: the acknowledge control")
    tested = ("--command-text", "pnpm --dir packages/web test", "--result", "pass", "--commit", commit)
    at("20T15:40", "queue-record-evidence", "B-ALERT-001", *tested, actor="bea")
    at(
        *(
            "20T15:45",
            "queue-record-handoff",
            "B-ALERT-001",
            "--owner",
            "B",
            "--branch",
            "agent/B-ui",
            "--commit",
            commit,
        ),
        *(
            "--commands",
            "pnpm test",
            "--results",
            "pass",
            "--changed-files",
            "doc/api/alerts.yaml",
            "--to-role",
            "C-ops",
        ),
        actor="bea",
    )
    at("20T15:50", "queue-route-review", "B-ALERT-001", "--ref", commit)
    session = ("--session-id", "tmux-A-1", "--role", "A-backend", "--backend", "manual", "--task-id", "A-LEASE-001")
    at("20T15:55", "session-upsert", *session)
    at(
        "20T16:00",
        "checkpoint-record",
        "A-LEASE-001",
        "--summary",
        "the table is there, the hand-over is not",
        actor="ana",
    )
    return project
