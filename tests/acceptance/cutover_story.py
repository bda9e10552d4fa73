"""The story of a cut-over, told in a throw-away repository that lives on a stand-in for older scripts.

Each method of `Cutover` is a chapter. `make demo-cutover` tells them in order and prints every command; the acceptance
test tells the same chapters and looks closer after each. A chapter that does not end as it should raises StoryError.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.acceptance.cutover_ledger import Ledger
from tests.acceptance.cutover_standins import QUEUE_SCRIPT, SAME_CALLS, STAND_INS, typed
from tests.acceptance.cutover_texts import LANES, QUEUE
from tests.legacy_standin.standin import legacy_db
from tests.support.repositories import add_lane_worktrees, commit_file, git, make_repository, write_file
from tests.support.shell import BIN, HOME, QUEUE_FILE, environment

#: The most lines that a person has to type or confirm on the whole way.
BY_HAND = 10


class StoryError(AssertionError):
    """Something in the story did not come out as it should."""


class Got(NamedTuple):
    """What a command gave back."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """Both streams, as a person sees them."""
        return (self.out + self.err).decode(errors="replace")


class Cutover:
    """One repository on its way, on the stand-in of a letter; `tell` gets what a person would see on a screen."""

    def __init__(self, folder: str, tell: Callable[[str], None] = lambda _text: None, stand_in: str = "a") -> None:
        self.older = STAND_INS[stand_in]
        self.folder = os.path.realpath(folder)
        self.main = os.path.join(self.folder, "gpuaas")
        self.lanes: dict[str, str] = {}
        self.tell = tell
        self.ledger = Ledger(re.findall(r'^- id: "(\S+)"', QUEUE, re.MULTILINE), self.older.tables)
        #: The lines that the operators typed into configuration: (file, line).
        self.by_hand: list[tuple[str, str]] = []
        self.before: list[Got] = []
        self.comparing = False
        self._telling = threading.Lock()

    # --- commands --------------------------------------------------------------------------------------------

    def run(self, *words: str, lane: str = "", who: str = "", env: dict[str, str] | None = None) -> Got:
        """Run a command in the coordinator's checkout or in a lane's, as `who`; nothing is printed."""
        done = subprocess.run(
            words,
            cwd=self.lanes[lane] if lane else self.main,
            env=environment(**{"FAIRWAY_PYTHON": sys.executable, "ACTOR": who, **(env or {})}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        return Got(done.returncode, done.stdout, done.stderr)

    def show(self, *words: str, lane: str = "", who: str = "", code: int = 0, brief: bool = False, **env: str) -> str:
        """The same for a command that has to end with `code`, printed with what it said; what it said is returned."""
        got = self.run(*words, lane=lane, who=who, env=env)
        place = os.path.basename(self.lanes[lane] if lane else self.main)
        typed = " ".join([*(_typed(f"{name}={value}") for name, value in env.items()), *map(_typed, words)])
        said = got.text.rstrip("\n").splitlines()
        if brief and len(said) > 6:
            said = [*said[:5], f"... {len(said) - 5} more lines"]
        with self._telling:
            self.tell("\n".join([f"\n[{place}]$ {typed}", *said]))
        if got.code != code:
            raise StoryError(f"{typed} in {place} ended with {got.code}, not {code}:\n{got.text}")
        if self.comparing:
            self.settle(self.waiting())  # people think before they type the next line
        return got.text

    def tool(self, name: str, *words: str, **more: Any) -> str:
        """`show` for a tool of the suite, called by its path, by the coordinator."""
        return self.show(os.path.join(BIN, name), *words, **{"who": "coordinator", **more})

    def queue(self, operation: str, *, lane: str = "", who: str = "", code: int = 0, **values: str) -> str:
        """`show` for what people type under the older name, as the stand-in's table has it."""
        line = self.older.typed(operation, **values)
        return self.show(*line.words, lane=lane, who=who, code=code, **line.environment)

    def make(self, *words: str, **more: Any) -> str:
        """`show` for a make target."""
        return self.show("make", *words, **more)

    # --- work, noted in the ledger ----------------------------------------------------------------------------

    def claim(self, task_id: str, role: str, owner: str, *, lane: str = "", who: str = "") -> None:
        """Claim a task."""
        self.queue("claim", role=role, owner=owner, task=task_id, lane=lane, who=who or owner)
        self.ledger.move(task_id, "in_progress", owner)

    def prove(self, task_id: str, text: str, *, result: str = "pass", who: str = "", lane: str = "") -> None:
        """Record evidence; `text` is the command that was run."""
        self.queue("record-evidence", task=task_id, text=text, result=result, who=who, lane=lane)
        self.ledger.record("evidence", task_id, text)

    def hand_off(self, task_id: str, owner: str, sha: str, ran: str, text: str, *, who: str = "") -> None:
        """Record a handoff of a commit; `ran` are its commands, `text` its results."""
        said = {"task": task_id, "owner": owner, "branch": self._branch_of(task_id), "sha": sha}
        files = git(self.main, "show", "--format=", "--name-only", sha)
        self.queue("record-handoff", **said, ran=ran, text=text, files=files, who=who)
        self.ledger.record("handoff", task_id, text)

    def review(self, task_id: str, role: str, reviewer: str, sha: str, text: str) -> None:
        """Record an approval; `text` is its note."""
        self.queue("record-review", task=task_id, role=role, owner=reviewer, sha=sha, text=text, who=reviewer)
        self.ledger.record("review", task_id, text)

    def set_status(self, task_id: str, status: str, sha: str = "", *, who: str) -> None:
        """Move a task."""
        branch = self._branch_of(task_id)
        self.queue("set-status", task=task_id, status=status, owner=who, branch=branch, sha=sha, reason="", who=who)
        self.ledger.move(task_id, status)

    def finish(self, task_id: str, role: str, owner: str, *, who: str = "") -> None:
        """A task from claim to done, with a commit that is on the integration branch."""
        self.claim(task_id, role, owner, who=who)
        self.prove(task_id, f"make check-{task_id}", who=who or owner)
        self.set_status(task_id, "done", git(self.main, "rev-parse", "HEAD"), who=who or owner)

    def whole_task(self, task_id: str, role: str, owner: str, reviewer: str) -> None:
        """A task with everything that a lane lives on: every core operation once."""
        self.queue("ready", role=role, who=owner)
        self.claim(task_id, role, owner, lane=role)
        sha = self.commit(role, f"cmd/api/{task_id}.go", f"{task_id}: the work")
        self.prove(task_id, f"go test ./{task_id}", who=owner)
        self.hand_off(task_id, owner, sha, f"go test ./{task_id}", f"{task_id} all green", who=owner)
        self.queue("route-review", task=task_id, sha=sha, who=owner)
        self.review(task_id, "E-governance", reviewer, sha, f"{task_id} read, no findings")
        self.queue("merge-ready", task=task_id, sha=sha, who=owner)
        self.land(sha)
        self.set_status(task_id, "done", sha, who=owner)

    def land(self, *shas: str) -> None:
        """Merge commits, and bring every lane up to date."""
        for sha in shas:
            git(self.main, "merge", "--quiet", "--no-edit", sha)
        for path in self.lanes.values():
            git(path, "merge", "--quiet", "--no-edit", "master")
        names = [sha[:8] if len(sha) == 40 else sha for sha in shas]
        self.tell(f"\n[gpuaas] merged {' '.join(names)}, and master into every lane")

    def commit(self, lane: str, path: str, message: str) -> str:
        """A commit in a lane's worktree; its full id."""
        sha = commit_file(self.lanes[lane] if lane else self.main, path, f"{message}\n", message)
        with self._telling:
            self.tell(f"\n[{os.path.basename(self.lanes[lane])}] commit {sha[:8]}: {path}")
        return sha

    def ready(self, role: str) -> list[str]:
        """The ready tasks of a lane, by whoever answers."""
        out = self.queue("ready", role=role)
        return list(dict.fromkeys(re.findall(r"\b[ABC]-\d\b", out)))

    def engine(self, role: str, engine: str, reason: str, *words: str, code: int = 0) -> str:
        """`lane-engine`, and the commit that it asks for."""
        told = self.tool("lane-engine", role, engine, reason, *words, code=code)
        if code == 0:
            letters = set("ABC") if role == "ALL" else {role[0]}
            self.ledger.moved = self.ledger.moved | letters if engine == "fairway" else self.ledger.moved - letters
            self._commit_all(f"{role}: {engine}", brief=True)
        return told

    def engine_past(self, role: str, reason: str) -> str:
        """Move a lane past what speaks against it, once that was read: REASON names each obstacle."""
        refused = self.engine(role, "fairway", reason, code=1)
        numbers = " ".join(re.findall(r"^#\d+", refused, re.MULTILINE))
        return self.engine(role, "fairway", f"{reason} ({numbers})", "--force")

    # --- chapters --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A repository on the older scripts, with work in flight in three lanes."""
        main = make_repository(self.folder, "gpuaas")
        write_file(main, QUEUE_FILE, QUEUE)
        self.older.install(main)
        self.lanes = add_lane_worktrees(main, LANES)
        self.queue("begin")
        self._last_week()
        for task_id, role, owner in (("A-1", "A-backend", "ann"), ("B-1", "B-ui", "bea"), ("C-1", "C-ops", "cy")):
            self.claim(task_id, role, owner, lane=role)
        sha = self.commit("A-backend", "cmd/api/login.go", "A-1: the login route")
        self.prove("A-1", "go test ./cmd/api", who="ann")
        self.hand_off("A-1", "ann", sha, "go test ./cmd/api", "login works", who="ann")
        self.prove("B-1", "pnpm typecheck", who="bea")

    def _last_week(self) -> None:
        """What was done before anybody thought of moving: without it there is no database to read anything from."""
        for task_id, role, owner in (("A-0", "A-backend", "ann"), ("B-0", "B-ui", "bea")):
            self.claim(task_id, role, owner, lane=role)
            sha = self.commit(role, f"doc/governance/{task_id}.md", f"{task_id}: the work")
            self.prove(task_id, f"make {task_id}", result="fail", who=owner)
            self.prove(task_id, f"make check-{task_id}", who=owner)
            self.hand_off(task_id, owner, sha, f"make check-{task_id}", f"{task_id} all green", who=owner)
            self.queue("route-review", task=task_id, sha=sha, who=owner)
            for reviewer_role, reviewer in (("D-arch", "dan"), ("E-governance", "eve")):
                self.review(task_id, reviewer_role, reviewer, sha, f"{task_id} read by {reviewer}")
            self.land(sha)
            if task_id == "A-0":
                self.queue(
                    "set-status", task=task_id, status="blocked", owner=owner, branch="agent/A-backend", sha="",
                    reason="the host is down", who=owner,
                )  # fmt: skip
                self.ledger.move(task_id, "blocked")
            self.set_status(task_id, "done", sha, who=owner)

    def note_the_bytes(self) -> None:
        """Run a list of calls, keep what each gave byte for byte, and put the repository back as it was."""
        copy = f"{self.folder}.kept"
        shutil.copytree(self.folder, copy, symlinks=True)
        self.before = self._same_calls()
        for name in os.listdir(self.folder):
            shutil.rmtree(os.path.join(self.folder, name))
        shutil.copytree(copy, self.folder, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(copy)
        self.tell(f"\n{len(self.before)} calls of the older names and of make targets, their bytes kept")

    def scan(self) -> None:
        """How the scripts are called, kept in the profile where that is not as published."""
        asked = json.loads(self.run(os.path.join(BIN, "compat-scan"), "--json").out)["to_fill_in"]
        self.tool("compat-scan", "--write", brief=True)
        self._fill("scan", [f"{entry}" for entry in asked])
        self._commit_all("How our scripts are called")

    def install(self) -> list[str]:
        """The stand-ins, in every lane; the same calls give the same bytes. Returns the calls that do not."""
        self.tool("compat-install", "--dry-run", brief=True)
        self.tool("compat-install", brief=True)
        self._commit_all("Install fairway-scripts")
        after = self._same_calls()
        # some of these calls have done something, and now once more
        self.ledger.record("evidence", "A-1", "bytes")
        self.ledger.record("evidence", "A-1", "bytes by make")
        self.ledger.move("B-1", "in_progress")
        self.tool("lane-engine")
        calls = [*self.older.same_calls, *SAME_CALLS]
        differing = [line for line, old, new in zip(calls, self.before, after, strict=True) if old != new]
        self.tell(f"\n{len(after) - len(differing)} of {len(after)} calls give the same bytes as before")
        if differing:
            self.tell("\n".join(f"   not this one: {line}" for line in differing))
        return differing

    def shadow_day(self) -> None:
        """B-ui in shadow: two agents at work in it at once, and in the evening one of them alone."""
        self.engine("B-ui", "shadow", "a day of comparing")
        commit_file(self.lanes["B-ui"], "docs/governance/reviews.md", "# Reviews\n", "B-3: who reviews what")
        git(self.lanes["B-ui"], "branch", "topic/B-3")
        git(self.lanes["B-ui"], "reset", "--quiet", "--hard", "HEAD~1")
        self.comparing = True
        self.queue("ready", role="B-ui", who="bea")
        claimed = threading.Event()
        faults: list[BaseException] = []

        def agent(work: Callable[[threading.Event], None]) -> None:
            try:
                work(claimed)
            except BaseException as fault:  # noqa: BLE001 - told by the thread that waits
                faults.append(fault)
                claimed.set()

        agents = [threading.Thread(target=agent, args=[work]) for work in (self._bea, self._ben)]
        for thread in agents:
            thread.start()
        for thread in agents:
            thread.join()
        if faults:
            raise faults[0]
        self.land("agent/B-ui")
        self._evening()
        self.settle()
        self.comparing = False

    def _bea(self, claimed: threading.Event) -> None:
        """One agent: by the older names, from the lane's worktree."""
        self.claim("B-2", "B-ui", "bea", lane="B-ui")
        claimed.wait(60)
        sha = self.commit("B-ui", "cmd/api/list.go", "B-2: the list")
        self.prove("B-2", "pnpm test list", who="bea")
        self.hand_off("B-2", "bea", sha, "pnpm test list", "list is done", who="bea")
        self.queue("route-review", task="B-2", sha=sha, who="bea")
        self.queue("merge-ready", task="B-2", sha=sha, who="bea", code=1)
        self.review("B-2", "E-governance", "eve", sha, "the list is fine")

    def _ben(self, claimed: threading.Event) -> None:
        """The other agent: by make, from the coordinator's checkout."""
        self.make("queue-claim", "ROLE=B-ui", "OWNER=ben", "TASK_ID=B-3", who="ben")
        self.ledger.move("B-3", "in_progress", "ben")
        claimed.set()
        proof = ("COMMAND_TEXT=make links", "RESULT=pass", "NOTES=it's all there")
        self.make("queue-record-evidence", "TASK_ID=B-3", *proof, who="ben")
        self.ledger.record("evidence", "B-3", "make links")
        self.make("queue-claim", "ROLE=B-ui", "OWNER=ben", "TASK_ID=B-5", who="ben", code=2)  # waits for A-1
        held = ("OWNER=ben", "BRANCH=agent/B-ui", "BLOCKED_REASON=D is away")
        self.make("queue-set-status", "TASK_ID=B-3", "STATUS=blocked", *held, who="ben")
        self.ledger.move("B-3", "blocked")
        self.make("queue-task-detail", "TASK_ID=B-3", "FORMAT=json", who="ben", brief=True)
        self.make("queue-validate", who="ben")

    def _evening(self) -> None:
        """A whole task in peace, and what the older scripts do in a way of their own."""
        self.set_status("B-2", "done", git(self.main, "rev-parse", "agent/B-ui"), who="bea")
        self.prove("B-3", "make spelling", result=self.older.result, who="ben")
        self.whole_task("B-7", "B-ui", "bea", "eve")
        self.make("queue-route-review", "TASK_ID=B-3", "REF=topic/B-3", who="ben")

    def report(self) -> list[dict[str, Any]]:
        """What the comparison found; every unexplained difference as {operation, field, legacy, own}."""
        self.tool("parity-report", "B-ui", code=1)
        self.engine("B-ui", "fairway", "the day went well", code=1)
        got = self.run(os.path.join(BIN, "parity-report"), "B-ui", "--json")
        lanes = json.loads(got.out)["lanes"]
        return [
            {"operation": row["operation"], **difference}
            for lane in lanes
            for row in lane["operations"]
            for case in row["open"]
            for difference in case["differences"]
        ]

    def read_the_old(self) -> None:
        """What the old database holds, drafted from the database itself, confirmed, and taken in."""
        database = ("--legacy-db", ".git/agent_queue/agent_queue.db")
        self.tool("queue-import", *database, "--dry-run")
        read = self.run(os.path.join(BIN, "queue-import"), *database, "--dry-run", "--json")
        mapping = json.loads(read.out)["mapping"]
        self.tool("queue-import", *database, "--write", brief=True)
        unplaced = [entry for entry in mapping["unplaced"] if entry["column"]]  # a table of their own may stay there
        self._fill("read_the_old", [f"{entry}" for entry in (*mapping["findings"], *unplaced)])
        self._commit_all("What our database holds")
        self.tool("queue-import", *database, brief=True)

    def explain(self) -> None:
        """Somebody answers for each difference."""
        words = ("parity-report", "explain", "B-ui", "--owner", "D-arch")
        self.tool(*words)
        drafted = self.run(os.path.join(BIN, words[0]), *words[1:])
        write_file(self.main, "compat/differences.toml", drafted.out.decode())
        self._fill("explain", [])
        self._commit_all("Differences that we mean")
        self.tool("parity-report", "B-ui")

    def move_b(self) -> None:
        """B-ui is ours; the older scripts hear the status of its tasks."""
        self.engine("B-ui", "fairway", "compared for a day")

    def mixed_lanes(self) -> None:
        """Dependencies across the two sides, in both directions."""
        self._expect(self.ready("B-ui"), ["B-4", "B-6"], "B-5 waits for A-1, which is the older scripts'")
        self.set_status("A-1", "done", git(self.main, "rev-parse", "HEAD"), who="ann")
        self._expect(self.ready("B-ui"), ["B-4", "B-5", "B-6"], "A-1 is done on the other side")
        self._expect(self.ready("A-backend"), ["A-3", "A-4"], "A-2 waits for B-4, which is ours")
        self.finish("B-4", "B-ui", "bea")
        self._expect(
            self.ready("A-backend"), ["A-2", "A-3", "A-4"], "B-4 is done on our side, and the older scripts were told"
        )
        self.claim("A-2", "A-backend", "ann", lane="A-backend")
        sha = self.commit("B-ui", "cmd/api/graph.go", "B-5: the graph")
        self.claim("B-5", "B-ui", "ben")
        self.prove("B-5", "pnpm test graph", who="ben")
        self.hand_off("B-5", "ben", sha, "pnpm test graph", "graph is drawn", who="ben")
        self.review("B-5", "E-governance", "eve", sha, "the graph is fine")
        self._expect(self.ready("C-ops"), ["C-3"], "C-2 waits for B-5")
        self.land(sha)
        self.set_status("B-5", "done", sha, who="ben")
        self._expect(self.ready("C-ops"), ["C-2", "C-3"], "B-5 is done on our side")
        self.make("orchestrator-tick")

    def roll_back(self) -> None:
        """B-ui goes back; it was only a moment ago that it worked on our side."""
        self.prove("B-3", "make links again", who="ben")
        self.engine("B-ui", "legacy", "ben is on leave")
        self.tool("lane-engine", "B-ui")
        self.claim("B-6", "B-ui", "bea", lane="B-ui")
        self.prove("B-6", "pnpm test theme", who="bea")

    def move_all(self) -> None:
        """The other lanes are compared as well, and then every lane is ours."""
        for role in ("A-backend", "B-ui", "C-ops"):
            self.engine(role, "shadow", "the last look")
        self.comparing = True
        self.whole_task("A-3", "A-backend", "ann", "eve")
        self.whole_task("C-3", "C-ops", "cy", "eve")
        self.comparing = False
        self.tool("parity-report")
        for role in ("A-backend", "B-ui", "C-ops"):
            self.engine(role, "fairway", "nothing is unexplained")
        self.engine_past("ALL", "nobody works in the other lanes")
        self.ledger.freeze_legacy()
        self.set_status("B-6", "done", git(self.main, "rev-parse", "HEAD"), who="bea")
        self.finish("A-4", "A-backend", "ann")

    def there_and_back(self) -> None:
        """Every lane goes back once more, with all that was done since, and over again."""
        self.engine("ALL", "legacy", "a fire drill")
        self.ledger.thaw_legacy()
        self.finish("C-2", "C-ops", "cy")
        if faults := self.disagreements():
            raise StoryError("\n".join(faults))
        self.engine_past("ALL", "the drill is over")
        self.ledger.freeze_legacy()

    def remove_the_originals(self) -> None:
        """What nobody calls any more goes; the names stay."""
        self.tool("compat-uninstall", "--originals", "--dry-run", brief=True)
        self.tool("compat-uninstall", "--originals", brief=True)
        self._commit_all("The older scripts are done with")
        self.show(QUEUE_SCRIPT, "ready", code=2, FAIRWAY_LEGACY="1")
        self.set_status("B-3", "in_progress", who="ben")
        for task_id, owner in (("A-2", "ann"), ("B-1", "bea"), ("B-3", "ben"), ("C-1", "cy")):
            proof = (f"COMMAND_TEXT=make last-{task_id}", "RESULT=pass")
            self.make("queue-record-evidence", f"TASK_ID={task_id}", *proof, who=owner, brief=True)
            self.ledger.record("evidence", task_id, f"make last-{task_id}")
            done = ("STATUS=done", f"OWNER={owner}", f"COMMIT={git(self.main, 'rev-parse', 'HEAD')}")
            self.make("queue-set-status", f"TASK_ID={task_id}", *done, who=owner, brief=True)
            self.ledger.move(task_id, "done")
        self.land("agent/A-backend")
        self.make("queue-git-check")
        self.make("orchestrator-tick")

    # --- looking ---------------------------------------------------------------------------------------------

    def waiting(self) -> set[str]:
        """The shadowed calls that are not compared yet."""
        spool = os.path.join(self.main, ".git", "fairway", "shadow")
        return set(os.listdir(spool)) if os.path.isdir(spool) else set()

    def settle(self, calls: set[str] | None = None, seconds: float = 90.0) -> None:
        """Wait until the given shadowed calls were compared, or all of them."""
        until = time.monotonic() + seconds
        while left := self.waiting() if calls is None else self.waiting() & calls:
            if time.monotonic() > until:
                raise StoryError(f"never compared: {sorted(left)}")
            time.sleep(0.02)

    def disagreements(self) -> list[str]:
        """What was done and what both sides have a record of, where they differ; [] when nothing is lost or twice."""
        got = self.run(os.path.join(BIN, "queue-ready"), env={"FAIRWAY_ENGINE": "fairway"})
        verdict = self.run(os.path.join(BIN, "queue-verify"))
        faults = [run.text for run in (got, verdict) if run.code]
        store = os.path.join(self.main, ".git", "fairway", "queue.db")
        found = [*faults, *self.ledger.differences(store, legacy_db(self.main))]
        done = len(self.ledger.records) + sum(map(len, self.ledger.moves.values()))
        if not found:
            self.tell(
                f"\n== {done} records and moves were made; both sides have what they should, and nothing twice =="
            )
        return found

    def _fill(self, chapter: str, asked: list[str]) -> None:
        """Type what is left to a person over what was drafted, and count it; every question is answered by a line."""
        answers = self.older.filled.get(chapter, ())
        if len(asked) > len(answers):
            raise StoryError("nobody answers: " + "\n".join(asked))
        for line in answers:
            with open(os.path.join(self.main, line.path), encoding="utf-8") as file:
                lines = file.read().splitlines()
            places = [number for number, text in enumerate(lines) if text.startswith(line.drafted)]
            if not places:
                raise StoryError(f"{line.path} has no line {line.drafted!r} to fill in")
            lines[places[0]] = line.typed
            write_file(self.main, line.path, "\n".join(lines) + "\n")
            self.by_hand.append((line.path, line.typed))
            self.tell(f"\n[gpuaas] typed by hand, {line.path}:{places[0] + 1}: {line.typed}")

    def _same_calls(self) -> list[Got]:
        lines = [typed(line) for line in (*self.older.same_calls, *SAME_CALLS)]
        return [self.run(*line.words, who="ann", env={**line.environment, **self.older.frozen}) for line in lines]

    def _commit_all(self, message: str, *, brief: bool = False) -> None:
        """Commit in the coordinator's checkout and bring every lane up to date."""
        git(self.main, "add", "--all")
        git(self.main, "commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
        for path in self.lanes.values():
            git(path, "merge", "--quiet", "--no-edit", "master")
        if not brief:
            self.tell(f"\n[gpuaas]$ git add --all && git commit -m '{message}'   # and merged into every lane")

    def _branch_of(self, task_id: str) -> str:
        lanes = {"A": "A-backend", "B": "B-ui", "C": "C-ops"}
        return f"agent/{lanes[task_id[0]]}"

    def _expect(self, found: list[str], wanted: list[str], why: str) -> None:
        if found != wanted:
            raise StoryError(f"{found}, not {wanted}: {why}")
        self.tell(f"   {why}: {' '.join(found)}")


#: The chapters in the order in which they happen.
CHAPTERS = (
    ("begin", "work in flight on the older scripts"),
    ("note_the_bytes", "what the older names answer"),
    ("scan", "learning what the Makefile does"),
    ("install", "stand-ins under the older names, every lane as before"),
    ("read_the_old", "the old database, read and confirmed"),
    ("shadow_day", "B-ui in shadow, two agents at once"),
    ("report", "what was found"),
    ("explain", "somebody answers for it"),
    ("move_b", "B-ui moves"),
    ("mixed_lanes", "lanes on both sides wait for each other"),
    ("roll_back", "B-ui goes back"),
    ("move_all", "every lane moves"),
    ("there_and_back", "back with all that was done since, and over again"),
    ("remove_the_originals", "the originals go"),
)


def _typed(word: str) -> str:
    """A word as a person would type it."""
    word = word.replace(f"{HOME}/", "")
    name, equals, value = word.partition("=")
    if equals and re.search(r"[\s']", value):
        return f'{name}="{value}"'
    return f"'{word}'" if re.search(r"\s", word) else word
