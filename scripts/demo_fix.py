"""The part of `make demo-day` in which a build fails: from its documents to a fix that is proved and bundled.

Nothing is written by hand on the way: what the packets, records and approvals say comes from the tools' own output,
from the queue, from git or from the documents of the build.
"""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING, Any

from demo_build import COMMAND, Build, build, file_text

if TYPE_CHECKING:
    from demo_day import Day

MENDED = "packages/web/src/alerts/ack.ts"
SMOKE = "scripts/ops/smoke.sh"


class Fix:
    """The fix of what the build of a task's commit shows."""

    def __init__(self, day: Day, cause_id: str) -> None:
        self.day = day
        self.cause_id = cause_id
        self.task_id = cause_id.replace("-001", "-FIX-001")
        self.base = self.commit = ""
        self.builds: list[Build] = []
        self.packet: Any = {}
        self.printed = ""

    def build(self, attach_to: str) -> str:
        """Have the CI system build the lane's commit, and attach a packet of what it reports; the packet."""
        day, number = self.day, len(self.builds) + 1
        self.builds.append(build(os.path.join(day.folder, "ci", str(number)), number, day.lane, day.env))
        print(f"\n[ci] run {number} {'passed' if self.builds[-1].passed else 'failed'}: {self.documents()[0]}")
        return day.show("ci-packet", *self.documents(), "--attach", attach_to)

    def documents(self) -> list[str]:
        """The documents of the last build, as ci-packet takes them in the main checkout."""
        report, tests, log = (os.path.relpath(path, self.day.main) for path in self.builds[-1].documents)
        return [report, tests, "--log", log]

    def fail(self, sha: str) -> None:
        """The build of the commit `sha`, which was handed off, fails."""
        self.base = sha
        self.printed = self.build(self.cause_id)
        self.packet = self.day.told("ci-packet", *self.documents())
        if self.packet["result"] != "fail" or not self.packet["runs"][0]["commit"].startswith(sha):
            sys.exit("demo-day: the packet does not say that the commit failed which was handed off")

    def spawn(self) -> None:
        """A task for the lane that the packet suspects, by the line that the packet prints, claimed in that lane."""
        day = self.day
        ids = {"TASK_ID": self.task_id, "FROM_TASK": self.cause_id}
        day.show(*filled(self.printed, "make queue-spawn", ids))
        lane = self.packet["lanes"][0]["lane"]
        day.show("make", "queue-claim", f"ROLE={lane}", "OWNER=B", f"TASK_ID={self.task_id}", "ACTOR=B", cwd=day.lane)

    def select(self) -> None:
        """What the packet of the fix has to say, and what a change of the files that the build names has to pass."""
        self.day.show(*filled(self.printed, "make bugfix-packet", {"TASK_ID": self.task_id}))
        paths = "\n".join(named["path"] for named in self.packet["failures"][0]["files"])
        self.day.show("make", "util-gate-select", f"TASK_ID={self.task_id}", f"PATHS={paths}")

    def mend(self) -> str:
        """The fix in the lane's worktree, with a smoke test that would have caught it; the commit."""
        print("\n[gpuas-B-ui] the fix, and the smoke test that would have caught it")
        files = {MENDED: "let state = 'acknowledged'\n", SMOKE: file_text("smoke-fixed.sh")}
        self.commit = self.day.commit(files, f"{self.task_id}: mend {self.failing_test()['title']}", self.day.lane)
        return self.commit

    def failing_test(self) -> dict[str, str]:
        """The first failing test that the packet names: its title and the line that decided on its class."""
        found: dict[str, str] = next(test for failure in self.packet["failures"] for test in failure["failing_tests"])
        return found

    def prove(self) -> None:
        """The packet of the fix, filled from the packet of the build and from git, with the proof run."""
        test = self.failing_test()
        added = [path for path in self.day.changed(self.base, self.commit) if path != MENDED]
        self.day.show(
            *("make", "agent-bugfix-packet", f"TASK_ID={self.task_id}", f"ROOT_CAUSE={test['matched']}"),
            *(f"IMPACT={test['title']}", f"OWNING_LAYER={self.packet['lanes'][0]['rules'][0]}"),
            *(f"PROOF_COMMAND={COMMAND}", "RUN_PROOF=1", f"REGRESSION_COVERAGE={' '.join(added)}"),
            *("RESIDUAL_RISK=none known", "ATTACH=1", "ACTOR=B"),
            cwd=self.day.lane,
        )

    def run_again(self) -> None:
        """The smoke test in the lane, once somebody has let it run by the line of the refusal; then the build."""
        day = self.day
        run = ("make", "util-trusted-run", f"TASK_ID={self.task_id}", "COMMAND=make smoke", "ACTOR=B")
        refusal = day.show(*run, cwd=day.lane, fails=True)
        reason = day.told("queue-task-detail", self.task_id)["title"]
        given = {"APPROVED_BY": "Lead", "REASON": reason, "ACTOR": "coordinator"}
        day.show(*filled(refusal, "hint: make queue-approve-run", given), "EXPIRES=8h")
        day.show(*run, cwd=day.lane)
        self.build(self.task_id)

    def bundle(self) -> None:
        """What the passing build left as evidence of both tasks: by the script for one, at once for the other."""
        day = self.day
        folder = os.path.relpath(self.builds[-1].folder, day.main)
        change = ("--task-id", self.task_id, "--ref", self.commit, "--base", self.base)
        day.show("ci-packet", *self.documents(), "--json", "--output", f"{folder}/ci-packet.json")
        day.show("gate-select", *change, "--json", "--output", f"{folder}/gate-select.json")
        run = ("--from", folder, "--commit", self.commit)
        day.show("evidence-bundle", self.cause_id, *run, "--output", f"{folder}/")
        day.show("sh", f"{folder}/record-evidence.sh")
        day.show("evidence-bundle", self.task_id, *run, "--apply")

    def tamper(self) -> None:
        """Verify all evidence; change one byte of an artifact, see it found, and put it back."""
        day, path = self.day, self.builds[-1].documents[-1]
        verify = ("make", "util-evidence-verify", "ALL=1")
        day.show(*verify)
        with open(path, "rb") as file:
            kept = file.read()
        for content, what in ((bytes([kept[0] ^ 1]) + kept[1:], "is changed"), (kept, "is put back")):
            with open(path, "wb") as file:
                file.write(content)
            print(f"\n[ci] one byte of {os.path.relpath(path, day.main)} {what}")
            day.show(*verify, fails=content != kept)

    def hand_off(self) -> None:
        """Hand both tasks off with the commit whose build has passed."""
        self.day.hand_off(self.cause_id, self.commit, COMMAND)
        self.day.hand_off(self.task_id, self.commit, COMMAND, self.base)


def filled(printed: str, beginning: str, given: dict[str, str]) -> list[str]:
    """The first line of what a tool printed that begins so, as the words to run, with the values that are `given`.

    A variable of the line that is not named in `given` keeps the value that the tool has printed.
    """
    line = next(line for line in map(str.strip, printed.splitlines()) if line.startswith(beginning))
    words = shlex.split(line.removeprefix("hint: ").removeprefix("run: "))
    named = ((word, word.partition("=")[0]) for word in words)
    return [f"{name}={given[name]}" if name in given else word for word, name in named]
