"""`make demo-day`: a coordinator's day in a throw-away repository.

Five lanes are set up; a task is claimed by a provider in a real tmux pane, watched, checkpointed, packed, proved,
handed off, reviewed twice, merged and closed, and the provider is killed; at the end the tick finds nothing to do.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from demo import HOME, LANES, Demo

QUEUE = """version: 1
updated_at: 2026-11-01
roles: [A-backend, B-ui, C-ops]
tasks:
- id: B-ALERT-ACK-001
  title: Acknowledge an alert from the list
  role: B-ui
  priority: 1
  status: todo
  owner: ''
  branch: ''
  depends_on: []
  acceptance_checks: ["sh check.sh", "git diff --check"]
  notes: |
    Context: operators acknowledge alerts one page too deep.
    Pre-read (required): packages/web/src/App.tsx
    Invariants (must not break): the list stays readable without a network.
    Scope: the list, nothing else.
    Deliverables: the button and its check.
    Evidence required in handoff: files changed, commit SHA, exact acceptance commands, result summary.
"""
PACKS = os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml")
PACK_FILE = "doc/governance/Workflow_Regression_Packs.yaml"
TASK = "B-ALERT-ACK-001"
#: A stand-in for a provider: it says that it is there and waits to be told more.
PROVIDER = "sh -c 'echo provider at work on $FAIRWAY_TASK_ID; while :; do sleep 1; done'"


class Day(Demo):
    """One day of one task."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        sockets = os.path.join(folder, "tmux")
        os.makedirs(sockets, mode=0o700)
        self.env = {**self.env, "TMUX_TMPDIR": sockets, "ACTOR": "coordinator"}
        self.env.pop("TMUX", None)

    def begin(self) -> None:
        """A repository on `master` with one task, the gpuaas configuration and its regression packs."""
        os.makedirs(self.main)
        self.run("git", "init", "--quiet", "--initial-branch=master")
        with open(PACKS, encoding="utf-8") as file:
            packs = file.read()
        makefile = f"FAIRWAY_HOME := {HOME}\ninclude {HOME}/make/fairway.mk\n"
        queue = "doc/governance/Agent_Work_Queue.yaml"
        self.commit({"Makefile": makefile, "check.sh": "test -f ready\n", queue: QUEUE, PACK_FILE: packs}, "Start")
        self.tool("fairway-init", "--preset", "gpuaas")
        self.commit({}, "Configuration")

    def morning(self) -> None:
        """Lanes, preflight, tick, and a provider on the task."""
        self.show("make", "agent-setup-lanes")
        self.show("make", "workflow-regression-packs-validate")
        self.show("make", "orchestrator-preflight")
        self.show("make", "orchestrator-tick")
        self.show("make", "queue-preflight", "ROLE=B-ui")
        self.show(
            *("make", "agent-launch", "ROLE=B-ui", f"TASK_ID={TASK}", "BACKEND=tmux", "CLAIM=1", "OWNER=B"),
            f"PROVIDER_COMMAND={PROVIDER}",
        )
        self.show("make", "queue-session-status")

    def work(self) -> str:
        """A packet for the provider, a checkpoint, a watched command that fails and then passes, a proved fix."""
        self.show("make", "agent-context-packet", f"TASK_ID={TASK}", "OWNER=B", "GOAL=One click acknowledges an alert")
        self.show(
            "make", "orchestrator-checkpoint", f"TASK_ID={TASK}", "STATE=active", "SUMMARY=button drawn, check missing"
        )
        print("\n[gpuas-B-ui] a first commit, whose check does not pass yet")
        self.commit({"packages/web/src/App.tsx": "export {}\n"}, f"{TASK}: draw the button", self.lane)
        self.show(
            "make", "watcher-run", f"TASK_ID={TASK}", "COMMAND=sh check.sh", "TIMEOUT=20s", cwd=self.lane, fails=True
        )
        print("\n[gpuas-B-ui] the fix")
        sha = self.commit(
            {"ready": "", "doc/api/openapi.draft.yaml": "openapi: 3.1.0\n"}, f"{TASK}: make it ready", self.lane
        )
        self.show("make", "watcher-run", f"TASK_ID={TASK}", "COMMAND=sh check.sh", "TIMEOUT=20s", cwd=self.lane)
        self.show(
            *(
                "make",
                "agent-bugfix-packet",
                f"TASK_ID={TASK}",
                "BUG_SUMMARY=the check failed",
                "ROOT_CAUSE=ready was never made",
            ),
            *(
                "IMPACT=nobody could acknowledge",
                "OWNING_LAYER=packages/web",
                "PROOF_COMMAND=sh check.sh",
                "RUN_PROOF=1",
            ),
            *("REGRESSION_COVERAGE=check.sh stays in the acceptance checks", "RESIDUAL_RISK=none known"),
            cwd=self.lane,
        )
        return sha

    def evening(self, sha: str) -> None:
        """Handoff, route, two reviews, merge, done."""
        task = f"TASK_ID={TASK}"
        self.show(
            *(
                "make",
                "queue-record-handoff",
                task,
                "OWNER=B",
                "BRANCH=agent/B-ui",
                f"COMMIT={sha}",
                "COMMANDS=sh check.sh",
            ),
            *("RESULTS=pass", "CHANGED_FILES=packages/web/src/App.tsx doc/api/openapi.draft.yaml ready"),
            cwd=self.lane,
        )
        self.show("make", "orchestrator-tick")
        self.show("make", "queue-route-review", task, f"REF={sha}")
        for lane, reviewer, note in (("D-arch", "D", "No findings."), ("E-governance", "E", "Gates sufficient.")):
            self.show(
                *(
                    "make",
                    "queue-record-review",
                    task,
                    f"REVIEWER_ROLE={lane}",
                    f"REVIEWER={reviewer}",
                    "STATUS=approved",
                ),
                *(f"COMMIT={sha}", f"NOTE={note}"),
            )
        self.show("make", "queue-ack-handoff", task)
        self.show("make", "queue-merge-ready", task, f"REF={sha}")
        self.show("git", "merge", "--quiet", "--ff-only", sha)
        self.show("make", "queue-set-status", task, "STATUS=done", "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}")
        self.show("make", "orchestrator-checkpoint", task, "STATE=done", "SUMMARY=merged")

    def kill_the_provider(self) -> None:
        """End everything in the pane with kill -9; the durable state does not mind."""
        panes = self.run("tmux", "list-panes", "-a", "-F", "#{pane_pid}").split()
        print(f"\n[tmux] kill -9 {' '.join(panes)}")
        for pane in panes:
            os.killpg(os.getpgid(int(pane)), signal.SIGKILL)
        time.sleep(0.3)
        self.show("make", "queue-session-reconcile")

    def close(self) -> None:
        """Bring the lanes up to date, and look for anything left."""
        for lane in LANES:
            folder = os.path.join(os.path.dirname(self.main), f"gpuas-{lane}")
            self.run("git", "merge", "--quiet", "--ff-only", "master", cwd=folder)
        print("\n[all lanes] git merge --ff-only master")
        self.show("make", "queue-git-check")
        left = self.show("make", "orchestrator-tick")
        self.show("make", "queue-verify")
        if "nothing" not in left.lower():
            sys.exit("demo-day: the tick still has something to do")

    def end(self) -> None:
        """Stop the tmux server of this day, which listens on a socket in its own folder."""
        subprocess.run(["tmux", "kill-server"], env=self.env, capture_output=True, check=False)


def main() -> None:
    """Live through the day and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave the folder for exploring")
    keep = options.parse_args().keep
    if shutil.which("tmux") is None:
        sys.exit("demo-day: tmux is missing; install it and run make demo-day again")
    started = time.monotonic()
    folder = os.path.realpath(tempfile.mkdtemp(prefix="fairway-day-"))
    day = Day(folder)
    try:
        day.begin()
        day.morning()
        sha = day.work()
        day.evening(sha)
        day.kill_the_provider()
        day.close()
        print(f"\ndemo-day: nothing is left to do, after {time.monotonic() - started:.1f} s")
    finally:
        day.end()
        if not keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
