"""`make demo-day`: a coordinator's day in a throw-away repository.

Five lanes are set up; a task is claimed by a provider in a real tmux pane, watched, checkpointed, packed and handed
off. The build of its commit fails: a packet says what and where, a fix is spawned from it, proved, run again with
leave, and bundled as evidence. Both are reviewed, merged, closed, released and verified, and the provider is killed;
at the end the tick finds nothing to do. On a server (ENGINE=postgres) a second machine looks on, where root can make
one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from demo import HOME, LANES, Demo
from demo_build import file_text
from demo_fix import Fix
from demo_machines import visit
from demo_release import Release
from own_server import SERVICE, Server, programs

PACKS = os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml")
PACK_FILE = "doc/governance/Workflow_Regression_Packs.yaml"
QUEUE_FILE = "doc/governance/Agent_Work_Queue.yaml"
MAKEFILE = f"FAIRWAY_HOME := {HOME}\ninclude {HOME}/make/fairway.mk\nsmoke:\n\t@sh scripts/ops/smoke.sh\n"
TASK = "B-ALERT-ACK-001"
#: Where folders have short paths, whatever TMPDIR says; None: wherever they usually are.
SHORT = "/tmp" if os.access("/tmp", os.W_OK) else None
#: A stand-in for a provider: it says that it is there and waits to be told more.
PROVIDER = "sh -c 'echo provider at work on $FAIRWAY_TASK_ID; while :; do sleep 1; done'"


def version(number: str) -> dict[str, str]:
    """The files that name the version, for a commit."""
    return {"VERSION": f"{number}\n", "packages/web/package.json": f'{{"name": "web", "version": "{number}"}}\n'}


class Day(Demo):
    """One day: a task, and the fix that its build asks for."""

    def __init__(self, folder: str, server: Server | None = None) -> None:
        super().__init__(folder)
        self.folder = folder
        #: where the store is, for a day on a server
        self.server = server
        # A folder with a short path of its own: a socket's path has at most 107 characters (103 on macOS).
        self.sockets = tempfile.mkdtemp(prefix="fairway-", dir=SHORT)
        path = os.pathsep.join((os.path.join(HOME, "bin"), os.path.dirname(sys.executable), self.env["PATH"]))
        self.env = {**self.env, "TMUX_TMPDIR": self.sockets, "ACTOR": "coordinator", "PATH": path}
        self.env.pop("TMUX", None)
        if server is not None:
            self.env.update(server.environment)

    def told(self, tool: str, *words: str, cwd: str = "") -> Any:
        """What a tool says as JSON."""
        return json.loads(self.run(tool, *words, "--json", cwd=cwd))

    def begin(self) -> None:
        """A released repository on `master` with one task, the gpuaas configuration and its regression packs."""
        os.makedirs(self.main)
        self.run("git", "init", "--quiet", "--initial-branch=master")
        with open(PACKS, encoding="utf-8") as file:
            packs = file.read()
        files = {
            "Makefile": MAKEFILE,
            "check.sh": "test -f ready\n",
            ".gitignore": "dist/\n",
            "packages/web/test.sh": file_text("test.sh"),
            "scripts/ops/smoke.sh": file_text("smoke.sh"),
            QUEUE_FILE: file_text("queue.yaml"),
            PACK_FILE: packs,
        }
        self.commit({**files, **version("0.1.0")}, "Start")
        self.tool("fairway-init", "--preset", "gpuaas")
        with open(os.path.join(self.main, ".fairway", "config.toml"), "a", encoding="utf-8") as file:
            file.write(file_text("release.toml"))
        if self.server is not None:
            self.move_to_the_server()
        self.commit({}, "Configuration")
        self.run("git", "tag", "v0.1.0")

    def move_to_the_server(self) -> None:
        """Name the server in the configuration, try it, and move the store there."""
        self.tool("fairway-config", "set", "store.service", SERVICE)
        self.tool("fairway-config", "set", "store.schema", "gpuaas")
        self.show("make", "queue-store-check")
        self.show("make", "queue-store-move", "TO=postgres")
        self.show("make", "queue-where")

    def move_back(self) -> None:
        """Move the store back into a file, and verify it there."""
        self.show("make", "queue-store-move", "TO=sqlite")
        self.show("make", "queue-verify")

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
        """A packet for the provider, a checkpoint, a watched command that fails and then passes, a handoff."""
        self.show("make", "agent-context-packet", f"TASK_ID={TASK}", "OWNER=B")
        self.show("make", "orchestrator-checkpoint", f"TASK_ID={TASK}", "STATE=active", "SUMMARY=drawing the button")
        print("\n[gpuas-B-ui] a first commit, whose check does not pass yet")
        files = {"packages/web/src/App.tsx": "export {}\n", "packages/web/src/alerts/ack.ts": "let state = 'open'\n"}
        self.commit(files, f"{TASK}: draw the button", self.lane)
        check = self.acceptance(TASK)
        watch = ("make", "watcher-run", f"TASK_ID={TASK}", f"COMMAND={check}", "TIMEOUT=20s")
        self.show(*watch, cwd=self.lane, fails=True)
        print("\n[gpuas-B-ui] a second one, whose check passes")
        files = {"ready": "", "doc/api/openapi.draft.yaml": "openapi: 3.1.0\n", **version("0.2.0")}
        sha = self.commit(files, f"{TASK}: make it ready", self.lane)
        self.show(*watch, cwd=self.lane)
        self.hand_off(TASK, sha, check)
        self.show("make", "orchestrator-tick")
        return sha

    def acceptance(self, task_id: str) -> str:
        """The first acceptance check of a task, as the queue has it."""
        return str(self.told("queue-task-detail", task_id)["acceptance_checks"][0])

    def changed(self, base: str, sha: str) -> list[str]:
        """The files that a commit changes since `base`."""
        return self.run("git", "diff", "--name-only", f"{base}...{sha}").split()

    def hand_off(self, task_id: str, sha: str, commands: str, base: str = "master") -> None:
        """Hand a commit off, with the files that git says it changes since `base`."""
        self.show(
            *("make", "queue-record-handoff", f"TASK_ID={task_id}", "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}"),
            *(f"COMMANDS={commands}", "RESULTS=pass", f"CHANGED_FILES={' '.join(self.changed(base, sha))}"),
            cwd=self.lane,
        )

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
        shutil.rmtree(self.sockets, ignore_errors=True)
        if self.server is not None:
            self.server.remove()


def live(day: Day) -> None:
    """The whole day."""
    day.begin()
    day.morning()
    if day.server is not None:
        visit(day, TASK)
    sha = day.work()
    fix = Fix(day, TASK)
    fix.fail(sha)
    fix.spawn()
    fix.select()
    fixed = fix.mend()
    fix.prove()
    fix.run_again()
    fix.bundle()
    fix.tamper()
    fix.hand_off()
    release = Release(day, {TASK: "", fix.task_id: sha})
    release.review(fixed)
    release.gates(fixed)
    release.merge(fixed)
    release.verify("0.2.0")
    day.kill_the_provider()
    day.close()
    if day.server is not None:
        day.move_back()


def own_server(engine: str) -> Server | None:
    """The server for `--engine postgres`; None for a file."""
    if engine != "postgres":
        return None
    if not programs():
        sys.exit("demo-day: PostgreSQL's server is missing; install it and run make demo-day ENGINE=postgres again")
    return Server(programs())


def main() -> None:
    """Live through the day and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave the folder for exploring")
    options.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite", help="where the store is")
    given = options.parse_args()
    keep = given.keep
    if shutil.which("tmux") is None:
        sys.exit("demo-day: tmux is missing; install it and run make demo-day again")
    started = time.monotonic()
    folder = os.path.realpath(tempfile.mkdtemp(prefix="fairway-day-"))
    day = Day(folder, own_server(given.engine))
    try:
        live(day)
        print(f"\ndemo-day: nothing is left to do, after {time.monotonic() - started:.1f} s")
        if keep:
            print(f"demo-day: explore it with  cd {day.main} && make queue-help")
    finally:
        day.end()
        if not keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
