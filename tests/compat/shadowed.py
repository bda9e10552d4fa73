"""A repository that lives on a stand-in, with this suite installed beside it and lane B-ui in shadow."""

from __future__ import annotations

import os
import time
from typing import Any

from tests.acceptance.cutover_standins import STAND_INS, Typed
from tests.cutover.lived import TRUTH
from tests.legacy_standin.standin import LegacyProject
from tests.support.repositories import git
from tests.support.shell import HOME, Answer, queue_text, task

#: What each agent is called: nobody is to be taken for the reviewer of their own work.
#: The program that compares.
OBSERVER = os.path.join(HOME, "fairway_scripts", "cutover", "observer.py")
AGENT, REVIEWER = {"ACTOR": "bea"}, {"ACTOR": "dan"}
LANES = ("A-backend", "B-ui", "D-arch", "E-governance")


class Shadowed(LegacyProject):
    """The project; `queue` goes through the stand-in's older name, so in shadow to both sides."""

    stand_in = "a"

    def line(self, operation: str, **values: str) -> Typed:
        """How the stand-in's operators type an operation."""
        return STAND_INS[self.stand_in].typed(operation, **values)

    def asked(self, operation: str, **values: str) -> Answer:
        """One call of an agent in the stand-in's own words."""
        line = self.line(operation, **values)
        return self.queue(*line.words[1:], env={**AGENT, **line.environment})

    @property
    def spool(self) -> str:
        """Where shadowed calls wait."""
        return os.path.join(self.main, ".git", "fairway", "shadow")

    @property
    def waiting(self) -> list[str]:
        """The calls that wait, oldest first."""
        return sorted(os.listdir(self.spool)) if os.path.isdir(self.spool) else []

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until every call was observed."""
        until = time.monotonic() + seconds
        while self.waiting:
            assert time.monotonic() < until, self.waiting
            time.sleep(0.02)

    def call(self, *words: str, cwd: str = "", who: dict[str, str] = AGENT) -> Answer:
        """One call of an agent, observed before the next one."""
        got = self.queue(*words, cwd=cwd, env=who)
        self.settle()
        return got

    def compare_waiting(self) -> Answer:
        """The report, which first compares what no observer has compared."""
        return self.run("parity-report", "--json")

    def detail_here(self, task_id: str) -> Any:
        """What our store has of a task, whoever answers its lane."""
        return self.ok("queue-task-detail", task_id, "--json", env={"FAIRWAY_ENGINE": "fairway"}).json

    def observed(self) -> list[dict[str, Any]]:
        """Every observation, oldest first."""
        from fairway_scripts.store.opening import open_store

        store = open_store(self.store)
        try:
            with store.read() as tx:
                return tx.all("parity.all", since="")
        finally:
            store.close()


def make_shadowed(parent: object, stand_in: str = "a", *, mapped: bool = True) -> Shadowed:
    """Six tasks: two of one priority out of order, one that waits for its own lane, one for another lane.

    A stand-in with words of its own has its tables in the profile, as a person who knows them writes them down, unless
    not `mapped`.
    """
    text = queue_text(
        task("B-2", priority=1),
        task("B-1", priority=1),
        task("B-3", priority=2, depends_on=["B-1"]),
        task("B-4", priority=3),
        task("B-5", depends_on=["A-1"]),
        task("A-1", "A-backend"),
        roles=LANES,
    )
    made = STAND_INS[stand_in].make_project(str(parent), text, lanes=LANES)
    project = Shadowed(made.main, made.lanes)
    project.stand_in = stand_in
    if stand_in != "a":
        project.ok("compat-scan", "--write")
        with open(os.path.join(project.main, "compat", "profile.toml"), "a", encoding="utf-8") as profile:
            for kind, (table, columns) in TRUTH[stand_in].items() if mapped else ():
                pairs = ", ".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
                profile.write(f'\n[legacy_db.{kind}]\ntable = "{table}"\ncolumns = {{{pairs}}}\n')
    project.ok("compat-install", "--into", project.main)
    git(project.main, "add", "--all")
    git(project.main, "commit", "--quiet", "-m", "install")
    for lane in project.lanes.values():
        git(lane, "merge", "--quiet", "--ff-only", "master")
    project.ok("lane-engine", "B-ui", "shadow", "a first try")
    return project


__all__ = ["HOME", "Shadowed", "make_shadowed"]
