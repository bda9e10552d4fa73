"""The second stand-in on disk: installed into a repository, led through a few days of work, and looked into.

It offers what `tests.legacy_standin.standin` offers; nothing here goes through `fairway_scripts`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable

from tests.legacy_standin.standin import LegacyProject, legacy_db, legacy_rows, need_ruby, why_missing
from tests.support.repositories import GPUAAS_LANES, add_lane_worktrees, git, make_repository, write_file
from tests.support.shell import QUEUE_FILE, Answer

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.join(HERE, "tree")
QUEUE_SCRIPT = "scripts/ops/agent_queue.sh"
STORE_SCRIPT = "scripts/ops/agent_queue_store.rb"
#: The moment at which a call believes to be unless it is told another; Berlin's winter time.
NOW = "2026-03-02 09:00:00 +0100"


class LegacyProjectB(LegacyProject):
    """A checkout that lives on the second stand-in."""

    clock = NOW

    def make(self, *words: str | bytes, cwd: str = "", env: dict[str, str] | None = None) -> Answer:
        """`make -s WORDS` at the stand-in's own time."""
        return super().make(*words, cwd=cwd, env={"AQ_CLOCK": self.clock, **(env or {})})

    def typed(self, *words: str, cwd: str = "", code: int = 0) -> str:
        """`make -s WORDS` that has to end with `code`; what it printed."""
        answer = self.make(*words, cwd=cwd)
        assert answer.code == code, (words, answer)
        return answer.out


def install(repo: str) -> None:
    """Copy the tree into a repository, whose own definitions stay if it has some, and commit."""
    own = os.path.join(repo, QUEUE_FILE)
    kept = None
    if os.path.exists(own):
        with open(own, encoding="utf-8") as file:
            kept = file.read()
    shutil.copytree(TREE, repo, dirs_exist_ok=True)
    if kept is not None:
        write_file(repo, QUEUE_FILE, kept)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--no-verify", "-m", "scripts for agents")


def make_legacy_project(
    parent: str | os.PathLike[str],
    queue_text: str | None = None,
    *,
    lanes: Iterable[str] = GPUAAS_LANES,
    name: str = "gpuaas",
    initialise: bool = True,
) -> LegacyProjectB:
    """A repository `parent/name` on `master` that lives on this stand-in, with a worktree for each lane.

    Without `queue_text` it has the nine tasks of the tree. With `initialise` the database is there already.
    """
    main = make_repository(parent, name)
    if queue_text is not None:
        write_file(main, QUEUE_FILE, queue_text)
    install(main)
    project = LegacyProjectB(main, add_lane_worktrees(main, lanes))
    if initialise:
        project.typed("queue-list")
    return project


def live_some_days(project: LegacyProjectB) -> None:
    """Four days: work done, merged and shelved, a task held, one blocked, reviews asked for and not answered."""
    _first_day(project)
    _second_day(project)
    _third_day(project)
    project.clock = "2026-03-05 08:15:00 +0100"
    project.typed(
        "queue-claim", "ROLE=A-backend", "OWNER=A", "TASK_ID=A-PROV-REMOVE-SSH", cwd=project.lanes["A-backend"]
    )
    project.typed("queue-set-status", "TASK_ID=B-V3-ACK-SUPPRESS-CONTROL-001", "STATUS=todo")
    project.typed("queue-record-evidence", "TASK_ID=C-KIND-NET-001", "COMMAND_TEXT=kubectl get nodes", "RESULT=pass")
    sha = git(project.lanes["C-ops"], "rev-parse", "HEAD")
    project.typed(
        "queue-set-status", "TASK_ID=C-KIND-NET-001", "STATUS=done", "OWNER=C", "BRANCH=agent/C-ops", f"COMMIT={sha}"
    )
    project.clock = "2026-03-05 08:20:00 +0100"
    project.typed("queue-archive-sweep")


def _first_day(project: LegacyProjectB) -> None:
    lane, task = project.lanes["A-backend"], "TASK_ID=A-PROV-SCHED-001"
    project.typed("queue-claim", "ROLE=A-backend", "OWNER=A", task, cwd=lane)
    project.clock = "2026-03-02 09:05:00 +0100"
    project.typed("agent-launch", "ROLE=A-backend", "TASK_ID=A-PROV-SCHED-001", cwd=lane)
    sha = project.commit("A-backend", "doc/architecture/Scheduler.md")
    project.clock = "2026-03-02 16:40:12 +0100"
    project.typed(
        "queue-record-evidence", task, "COMMAND_TEXT=go test ./cmd/...", "RESULT=fail", "DURATION_SECONDS=12", cwd=lane
    )
    project.clock = "2026-03-02 17:02:00 +0100"
    project.typed(
        "queue-record-evidence", task, "COMMAND_TEXT=go test ./cmd/...", "RESULT=pass", "DURATION_SECONDS=14",
        "ARTIFACT_PATH=dist/test.log", "ARTIFACT_TYPE=command_log", "NOTES=second run", cwd=lane,
    )  # fmt: skip
    project.typed(
        "queue-record-handoff", task, "OWNER=A", "BRANCH=agent/A-backend", f"COMMIT={sha}",
        "COMMANDS=go test ./cmd/...; make build", "RESULTS=ok; built",
        "CHANGED_FILES=doc/architecture/Scheduler.md cmd/api.go",
        "RISKS=the queue may grow", "NEXT_STEP=review", "TO_ROLE=D-arch", cwd=lane,
    )  # fmt: skip
    project.typed("queue-route-review", task, f"REF={sha}", cwd=lane)
    project.typed("agent-launch", "ROLE=B-ui", "TASK_ID=B-V3-ACK-SUPPRESS-CONTROL-001", cwd=project.lanes["B-ui"])


def _second_day(project: LegacyProjectB) -> None:
    task, sha = "TASK_ID=A-PROV-SCHED-001", git(project.lanes["A-backend"], "rev-parse", "HEAD")
    project.clock = "2026-03-03 10:00:00 +0100"
    for role, who in (("D-arch", "D"), ("E-governance", "E")):
        project.typed("queue-merge-ready", task, f"REF={sha}", code=2)
        project.typed(
            "queue-record-review", task, f"REVIEWER_ROLE={role}", f"REVIEWER={who}", "STATUS=approved", f"COMMIT={sha}",
            "NOTE=No findings, it's fine.",
        )  # fmt: skip
    project.typed("queue-merge-ready", task, f"REF={sha}")
    git(project.main, "merge", "--quiet", "--ff-only", sha)
    for lane in project.lanes.values():
        git(lane, "merge", "--quiet", "--ff-only", "master")
    project.clock = "2026-03-03 10:30:00 +0100"
    project.typed("queue-set-status", task, "STATUS=done", "OWNER=A", "BRANCH=agent/A-backend", f"COMMIT={sha}")
    project.typed("queue-session-end", "SESSION_ID=nobody", code=2)
    seats = [row["seat"] for row in legacy_rows(project.main, "seats") if row["lane"] == "A-backend"]
    project.typed("queue-session-end", f"SESSION_ID={seats[0]}", "EXIT_CODE=0")
    project.typed(
        "orchestrator-checkpoint",
        "TRACK_ID=alerts",
        "STATE=active",
        "SUMMARY=half of it",
        "OWNER=B",
        "TARGET_CLOSE_BY=2026-03-09",
    )


def _third_day(project: LegacyProjectB) -> None:
    lane, task = project.lanes["B-ui"], "TASK_ID=B-V3-ACK-SUPPRESS-CONTROL-001"
    project.clock = "2026-03-04 11:00:00 +0100"
    project.typed("queue-claim", "ROLE=B-ui", "OWNER=B", task, cwd=lane)
    sha = project.commit("B-ui", "cmd/alerts.go")
    project.typed(
        "queue-record-evidence", task, "COMMAND_TEXT=pnpm --dir packages/web test", "RESULT=partial", cwd=lane
    )
    project.typed(
        "queue-record-handoff", task, "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}", "COMMANDS=pnpm test",
        "RESULTS=two skipped", "CHANGED_FILES=cmd/alerts.go", cwd=lane,
    )  # fmt: skip
    project.typed("queue-route-review", task, f"REF={sha}", cwd=lane)
    project.typed(
        "queue-record-review", "TASK_ID=B-V3-THEME-002", "REVIEWER_ROLE=D-arch", "REVIEWER=D",
        "STATUS=changes_requested", f"COMMIT={sha}",
        "NOTE=Contrast.",
    )  # fmt: skip
    ops = project.lanes["C-ops"]
    project.typed("queue-claim", "ROLE=C-ops", "OWNER=C", "TASK_ID=C-KIND-NET-001", cwd=ops)
    project.typed("queue-claim", "ROLE=C-ops", "OWNER=C", "TASK_ID=C-BACKUP-002", cwd=ops)
    project.clock = "2026-03-04 15:30:00 +0100"
    project.typed("queue-set-status", "TASK_ID=C-BACKUP-002", "STATUS=blocked", code=2)
    project.typed(
        "queue-set-status", "TASK_ID=C-BACKUP-002", "STATUS=blocked", "OWNER=C", "BRANCH=agent/C-ops",
        "BLOCKED_REASON=the bucket isn't there yet",
    )  # fmt: skip


__all__ = [
    "NOW",
    "QUEUE_SCRIPT",
    "STORE_SCRIPT",
    "LegacyProjectB",
    "install",
    "legacy_db",
    "legacy_rows",
    "live_some_days",
    "make_legacy_project",
    "need_ruby",
    "why_missing",
]
