"""The two sides of a parity run: the older scripts in one copy of the repository, our tools in another."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.calls import unwritable, write_call
from fairway_scripts.cutover.door.entries import flag_words
from fairway_scripts.cutover.door.table import best_original, originals
from fairway_scripts.cutover.parity.own_side import Asked, Marks, do_here, marks, outcome, own_environment
from fairway_scripts.cutover.parity.parity_ground import commit_paths, copy_checkout, put_database
from fairway_scripts.cutover.parity.parity_text import Context
from fairway_scripts.cutover.scan.profile_file import read_profile
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.git.git import ask
from fairway_scripts.programs.own_tool import tool_argv
from fairway_scripts.programs.taped_call import Tape, run_kept
from fairway_scripts.settings.config_file import read_config
from fairway_scripts.settings.config_text import config_text
from fairway_scripts.store.legacy_snapshot import take_snapshot
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.sqlite.copying import back_up

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.parity.parity_facts import Outcome
    from fairway_scripts.cutover.parity.parity_runbook import Step
    from fairway_scripts.store.rows import ParityRunTasks

#: The longest that one call may take (seconds).
PATIENCE = 120.0
STORE_SCRIPT = "agent_queue.sh"
_LEADING_ASTRAY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")
_KEPT = ("FAIRWAY_PYTHON",)


class Sides:
    """Both copies in the folder `out`/work, and what is put back before each story."""

    def __init__(self, repository: Repository, out: str, database: str, command: str) -> None:
        """Make the copies.

        `database` is the old database of the copy ("" for the usual place), `command` what the older scripts' store
        is called with ("" when they are not to be run). Raises FairwayError.
        """
        root = str(repository.worktree)
        self.work = os.path.join(out, "work")
        self.raw = os.path.join(out, "raw")
        self.own = os.path.join(self.work, "own", os.path.basename(root))
        self.legacy = os.path.join(self.work, "legacy", os.path.basename(root))
        # a script that is named by its path in the copy is meant to work on a copy of that
        self.command = [word.replace(f"{root}/", f"{self.legacy}/") for word in _words_of(command)]
        for target in (self.own, self.legacy) if command else (self.own,):
            copy_checkout(repository, target)
        self.preset = self._configure()
        self.settings, faults = read_config(os.path.join(self.own, settings_of.CONFIG_PATH))
        wrong = [fault.text() for fault in faults if fault.severity == "error"]
        if wrong:
            raise FairwayError("invalid_config", "\n".join(wrong), suggest("fairway-config", "validate"))
        usual = str(self.settings["bridge"]["legacy_db"])
        source = os.path.normpath(os.path.join(root, database or usual))
        inside = os.path.relpath(source, root) if source.startswith(f"{root}/") else usual
        self.place = os.path.normpath(os.path.join(self.legacy, inside))
        self.snapshot = ""
        if os.path.exists(source):
            self.snapshot = take_snapshot(source, os.path.join(self.work, "old")).path
        self.base = os.path.join(self.work, "base.db")
        self.story_store = os.path.join(self.work, "story.db")
        self.mirror = os.path.join(self.work, "mirror.db")
        self.context = Context({}, settings_of.lanes(self.settings))

    def _configure(self) -> bool:
        """Give our copy the preset where it has no configuration; whether it was given."""
        path = os.path.join(self.own, settings_of.CONFIG_PATH)
        if os.path.exists(path):
            return False
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace_file(path, config_text("gpuaas").encode())
        return True

    @property
    def roots(self) -> list[str]:
        """Return both copies, or ours alone."""
        return [self.own, self.legacy] if self.command else [self.own]

    def commit(self, base: str, changes: list[tuple[str, str]]) -> dict[str, str]:
        """`commit_paths` in both copies."""
        done = [commit_paths(root, base, changes) for root in self.roots]
        return done[0]

    def merge(self, commit: str) -> None:
        """Put the integration branch of both copies on a commit that was made on top of it; no work tree moves."""
        for root in self.roots:
            ask(root, "update-ref", f"refs/heads/{self.settings['fairway']['main_branch']}", commit)

    def take_in(self) -> Tape:
        """Import the queue file and the old database into the store that every story begins with."""
        return self._import("import", self.base, self.snapshot)

    def _import(self, name: str, store: str, database: str) -> Tape:
        more = ["--legacy-db", database] if database else []
        return self.run_tool(name, "queue-import", [*more, f"--queue-db={store}", "--anew", "--json"])

    def learn(self) -> list[ParityRunTasks]:
        """Read from the store what tasks and lanes there are; return the tasks."""
        store = open_store(self.base)
        with store.read() as tx:
            tasks = tx.all("parity_run.tasks")
        store.close()
        pattern = self.settings["fairway"]["task_id_pattern"]
        lane_of = {row["task_id"]: row["role"] for row in tasks}
        folders = tuple({place for root in self.roots for place in (root, os.path.dirname(root))})
        statuses = tuple(self.settings["states"]["allowed"])
        self.context = Context(lane_of, settings_of.lanes(self.settings), pattern, folders, statuses)
        return tasks

    def begin_story(self) -> None:
        """Put both sides back to where they began."""
        for target in (self.story_store, self.mirror):
            _copy_store(self.base, target)
        if self.command:
            put_database(self.snapshot, self.place)

    def begin_from(self, name: str, database: str) -> None:
        """Begin a story with another state of the old database than the copy's; raises FairwayError `usage`."""
        put_database("", self.mirror)
        tape = self._import(f"{name}.base", self.mirror, database if os.path.exists(database) else "")
        if tape.exit_code != 0:
            raise FairwayError("usage", f"the state of the case cannot be imported: {tape.stderr.decode().strip()}")
        self._forget(f"{name}.base")
        _copy_store(self.mirror, self.story_store)

    def branch_of(self, role: str) -> str:
        """Return the branch of a lane."""
        return settings_of.lane_branch(self.settings, role)

    def make_lane(self, role: str) -> None:
        """Give a lane its worktree beside each copy; what keeps it from being made is in the raw output."""
        for root, name in zip(self.roots, ("own", "legacy"), strict=False):
            words = [f"--role={role}", f"--queue-db={self.story_store}"]
            self.run_tool(f"worktree-{name}", "worktree-setup", words, cwd=root)

    def take_lanes_away(self) -> None:
        """Remove the worktrees that `make_lane` made; their branches stay."""
        for root in self.roots:
            for name in sorted(os.listdir(os.path.dirname(root))):
                place = os.path.join(os.path.dirname(root), name)
                if place != root:
                    ask(root, "worktree", "remove", "--force", place)

    def run_tool(self, name: str, tool: str, words: list[str], *, cwd: str = "") -> Tape:
        """Run one of our tools in our copy, or in another folder."""
        return run_kept(
            tool_argv(tool, words),
            cwd=cwd or self.own,
            environment=self._environment({}) | {"FAIRWAY_ENGINE": "fairway"},
            streams=self.stream(name, "own"),
            seconds=PATIENCE,
        )

    def run_own(self, step: Step) -> Outcome:
        """Do a step on our side."""
        return self.do_here(step, Asked(step.tool, [*step.words, *flag_words(step.values)], self.own, {}, step.task_id))

    def do_here(self, step: Step, asked: Asked) -> Outcome:
        """Do what a step asks on our side; `environment` of what is asked are variables that its caller had set."""
        asked = asked._replace(environment=self._environment(asked.environment))
        return do_here(asked, self.story_store, self.stream(step.id, "own"), PATIENCE)[0]

    def run_legacy(self, step: Step) -> Outcome | None:
        """Do a step with the older scripts, None when they have nothing for it."""
        found = self._call(step)
        if found is None:
            return None
        argv, extra, stdin = found
        before = marks(self.mirror, step.task_id)
        environment = {**self._environment({}), **extra, **handover.STAY_LEGACY}
        tape = run_kept(
            argv,
            cwd=self.legacy,
            environment=environment,
            streams=self.stream(step.id, "legacy"),
            seconds=PATIENCE,
            feed=os.fsencode(stdin),
        )
        return outcome(tape, before, self.marks_of_legacy(step.id, self.place, step.task_id))

    def marks_of_legacy(self, name: str, database: str, task_id: str) -> Marks | None:
        """Return what the old database says of a task, in our words; None when it cannot be taken in."""
        if not task_id:
            return Marks(None, {})
        tape = self._import(f"{name}.mirror", self.mirror, database if os.path.exists(database) else "")
        if tape.exit_code != 0:
            return None
        self._forget(f"{name}.mirror")
        return marks(self.mirror, task_id)

    def _forget(self, name: str) -> None:
        for suffix in (".out", ".err"):
            os.unlink(self.stream(name, "own") + suffix)

    def _call(self, step: Step) -> tuple[list[str], dict[str, str], str] | None:
        """Write a step as words, environment and input of the older scripts; None when they cannot be told it."""
        profile = os.path.join(self.legacy, handover.PROFILE)
        table = read_profile(profile)["scripts"] if os.path.isfile(profile) else {}
        there = [
            entry
            for entry in originals(table, step.tool)
            if os.path.basename(entry.script) == STORE_SCRIPT or handover.original(entry.script, self.legacy)
        ]
        entry = best_original(there, step.values)
        if entry is None or unwritable(entry, step.values):
            return None
        written = write_call(entry, step.values)
        is_store = os.path.basename(entry.script) == STORE_SCRIPT
        start = self.command if is_store else handover.command(handover.original(entry.script, self.legacy))
        more = step.words if entry.published and not is_store else []
        return [*start, *written.words, *more], written.environment, written.stdin

    def _environment(self, given: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        found = own_environment(os.environ, given, os.environ.get("FAIRWAY_NOW") or clock.now())
        dropped = (*_LEADING_ASTRAY, "FAIRWAY_ENGINE", *(() if os.environ.get("FAIRWAY_NOW") else ("FAIRWAY_NOW",)))
        return {**{name: value for name, value in found.items() if name not in dropped}, **kept}

    def stream(self, name: str, side: str) -> str:
        """Return where the output of a call is kept, without the ending of its name."""
        return os.path.join(self.raw, f"{stream_name(name)}.{side}")


def stream_name(name: str) -> str:
    """Return the name of a row as a file name."""
    return re.sub(r"[^\w.-]+", "_", name)


def _copy_store(source: str, target: str) -> None:
    put_database("", target)
    store = open_store(source)
    back_up(store, target, scratch=True)
    store.close()


def _words_of(command: str) -> list[str]:
    """Return the words of --legacy-cmd, split as a shell would; raises FairwayError `usage`."""
    try:
        return shlex.split(command)
    except ValueError as problem:
        raise FairwayError(
            "usage", f"--legacy-cmd {command!r}: {problem}", suggest("parity-report run", "--help")
        ) from problem
