"""The part of `make demo-day` in which two tasks are reviewed, merged, closed and released."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from demo_fix import filled

if TYPE_CHECKING:
    from demo_day import Day

#: Who reviews for a lane.
REVIEWERS = {"B-ui": "Bee", "C-ops": "C", "D-arch": "D", "E-governance": "E"}
#: A guard that the task's acceptance checks name, the file of its findings, and that of the gates of the release.
GUARD = ("git", "diff", "--check")
FILES = ("guard.txt", "release-gates.md")


class Release:
    """The tasks of a release, each with the commit that its own change begins at ("": the main branch)."""

    def __init__(self, day: Day, tasks: dict[str, str]) -> None:
        self.day = day
        self.tasks = {task_id: [f"BASE={base}"] if base else [] for task_id, base in tasks.items()}

    def review(self, sha: str) -> None:
        """Route each task, and have the lanes that are asked review it: no more and no fewer."""
        for task_id, base in self.tasks.items():
            self.day.show("make", "queue-route-review", f"TASK_ID={task_id}", f"REF={sha}", *base)
            waiting = self.day.told("queue-task-detail", task_id)["review_requests"]
            for lane in [row["lane"] for row in waiting]:
                self.day.show(
                    *("make", "queue-record-review", f"TASK_ID={task_id}", f"REVIEWER_ROLE={lane}"),
                    *(f"REVIEWER={REVIEWERS[lane]}", f"ACTOR={REVIEWERS[lane]}", "STATUS=approved", f"COMMIT={sha}"),
                    *base,
                    *("FINDINGS_COUNT=0", "DURATION_SECONDS=300"),
                )
            self.day.show("make", "queue-ack-handoff", f"TASK_ID={task_id}")
        self.day.show("make", "util-review-report")

    def gates(self, sha: str) -> None:
        """What the gates of the first task's profile ask for, by the lines that tell of them.

        That is the report of a guard, and a risk that an owner signs.
        """
        day, task_id, folder = self.day, next(iter(self.tasks)), os.path.join(self.day.folder, "ci")
        missing = day.show("make", "queue-merge-ready", f"TASK_ID={task_id}", f"REF={sha}")
        findings, selected = (os.path.relpath(os.path.join(folder, name), day.main) for name in FILES)
        with open(os.path.join(folder, FILES[0]), "w", encoding="utf-8") as file:
            file.write(day.show(*GUARD, f"master...{sha}"))
        report = {
            "GUARD_MODE": "report_only",
            "RESULT": "pass",
            "FINDINGS": findings,
            "COMMAND_TEXT": " ".join(GUARD),
            "ARTIFACT_PATH": findings,
        }
        day.show(*filled(missing, "run: make record-guard-report", report), f"COMMIT={sha}")
        select = ("make", "util-gate-select", f"TASK_ID={task_id}", f"REF={sha}")
        day.show(*select, f"OUTPUT={selected}")
        risk = {"COMMAND_TEXT": " ".join(select), "RESULT": "pass", "SIGNED_OFF_BY": "Lead"}
        line = filled(missing, "run: make queue-record-evidence", risk)
        day.show(*line, f"ARTIFACT_PATH={selected}", f"COMMIT={sha}")
        day.show("make", "readiness-report")

    def merge(self, sha: str) -> None:
        """Merge once every task is merge-ready, and close them."""
        for task_id, base in self.tasks.items():
            self.day.show("make", "queue-merge-ready", f"TASK_ID={task_id}", f"REF={sha}", *base)
        self.day.show("git", "merge", "--quiet", "--ff-only", sha)
        for task_id in self.tasks:
            self.day.show(
                *("make", "queue-set-status", f"TASK_ID={task_id}", "STATUS=done", "OWNER=B", "BRANCH=agent/B-ui"),
                f"COMMIT={sha}",
            )
            self.day.show("make", "orchestrator-checkpoint", f"TASK_ID={task_id}", "STATE=done", "SUMMARY=merged")

    def verify(self, version: str) -> None:
        """Tag the release; it is complete once what it consists of is there, and that is evidence of the first task."""
        tag, task_id = f"v{version}", next(iter(self.tasks))
        self.day.show("git", "tag", tag)
        self.day.show("make", "util-release-verify", f"REF={tag}", fails=True)
        os.makedirs(os.path.join(self.day.main, "dist"))
        self.day.show("git", "archive", f"--output=dist/gpuaas-{version}.tar", tag)
        self.day.show("make", "util-release-verify", f"REF={tag}", f"ATTACH={task_id}")
