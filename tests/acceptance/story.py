"""Telling a story of a queue twice, to the tools and to the model, and comparing the two after every step.

The tools run in this process (`entry.run`), in a real repository with a real store, at times that the story sets.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sqlite3
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from fairway_scripts.front import entry
from tests.acceptance.queue_facts import EVERYTHING, moment
from tests.acceptance.queue_model import QueueModel
from tests.support.shell import QUEUE_FILE, Answer, queue_text

#: A task depends only on tasks before it in this list, so no edit makes a cycle.
IDS = ("A-1", "A-2", "B-1", "B-2", "B-3", "B-4")
#: The queue file of the first page: id, priority, dependencies. The order to take them in is not the order of the ids.
START: list[tuple[str, int | None, list[str]]] = [
    *[("B-3", 2, []), ("B-1", None, []), ("B-2", 1, ["B-1"]), ("A-1", None, []), ("A-2", None, ["A-1"])]
]
UNKNOWN = "B-404"
LANES = ("A-backend", "B-ui")
ACTORS = ("ann", "bob")
WATCHER = "watcher"
STATE = ("status", "owner", "claimant", "branch", "commit_sha")


class Story(RuleBasedStateMachine):
    """The tools beside the model; each story begins in `folder` with a copy of `template`."""

    template: str
    folder: str
    head: str

    def __init__(self) -> None:
        super().__init__()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)
        os.chdir(self.folder)
        self.model = QueueModel(self.head)
        self.requests = 0
        for task_id, priority, depends_on in START:
            self.model.file[task_id] = {**definition(task_id, depends_on), "priority": priority}
        self.write_file()

    def teardown(self) -> None:
        """The ledger is sound, and a snapshot holds all there is."""
        try:
            self.model.broken = ""
            self.write_file()
            self.check_ledger()
            self.check_snapshot()
        finally:
            os.chdir(os.path.dirname(self.folder))

    # --- running tools --------------------------------------------------------------------------------------

    def run(self, tool: str, *words: str) -> Answer:
        """Run a tool here and now."""
        os.environ["FAIRWAY_NOW"] = moment(self.model.now)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = entry.run(tool, list(words))
        return Answer(code, out.getvalue(), err.getvalue())

    def expect(self, word: str, tool: str, actor: str, *words: str, again: bool = False) -> Answer:
        """Run a tool that has to give `word` ("": succeed); `again` runs it twice as one named request."""
        given = [word for word in words if word]
        if again:
            self.requests += 1
            given += ["--request-id", f"request-{self.requests}"]
        answer = self.run(tool, "--actor", actor, "--json", *given)
        assert (answer.word, answer.code == 0) == (word, word == ""), (tool, words, answer)
        if again:
            repeated = self.run(tool, "--actor", actor, "--json", *given)
            assert (repeated.code, repeated.out, repeated.word) == (answer.code, answer.out, word)
        return answer

    def fence(self, task_id: str, kind: str) -> str:
        """The fence to name: the right one, one that was right before the last claim, or none."""
        if not kind or task_id not in self.model.states:
            return ""
        now = self.model.states[task_id]["fence"]
        return str(now if kind == "right" else now + 1 if now == 0 else now - 1)

    # --- the queue file -------------------------------------------------------------------------------------

    def write_file(self) -> None:
        entries = []
        for task_id, entry_ in self.model.file.items():
            fields = {
                "id": task_id,
                "title": entry_["title"],
                "role": "Z-none" if self.model.broken == task_id else entry_["lane"],
                **{name: entry_[name] for name in ("status", "owner", "branch", "commit", "depends_on")},
            }
            if entry_["status"] == "done":
                fields["completed_at"] = "2026-05-04"
            if entry_["priority"] is not None:
                fields["priority"] = entry_["priority"]
            entries.append(fields)
        text = queue_text(*entries, roles=LANES)
        with open(QUEUE_FILE, "w", encoding="utf-8") as file:
            file.write(text + ("  oops: [\n" if self.model.broken == EVERYTHING else ""))
        self.model.synchronise()

    # --- what always holds ----------------------------------------------------------------------------------

    @invariant()
    def the_ready_list_is_the_models(self) -> None:
        answer = self.run("queue-ready", "--format", "ids", "--actor", WATCHER)
        assert (answer.code, answer.out.split()) == (0, self.model.ready()), answer

    @invariant()
    def every_task_is_where_the_model_has_it(self) -> None:
        listed = self.expect("", "queue-list", WATCHER, "--all").json["tasks"]
        model = self.model
        assert [{name: row[name] for name in ("task_id", "lane", "title", *STATE)} for row in listed] == [
            {
                "task_id": task_id,
                "lane": model.definitions[task_id]["lane"],
                "title": model.definitions[task_id]["title"],
                **{name: model.states[task_id][name] for name in STATE},
            }
            for task_id in sorted(model.states, key=model.order)
        ]
        assert {row["task_id"] for row in listed if row["left_file_at"]} == model.left
        assert {row["task_id"] for row in listed if row["archived_at"]} == model.archived

    @invariant()
    def fences_leases_and_reviews_are_the_models(self) -> None:
        columns = "task_id, fence, lease_expires_at, review_status, completed_at IS NOT NULL"
        assert sorted(self.sql(f"SELECT {columns} FROM task_state")) == sorted(
            (
                task_id,
                state["fence"],
                moment(state["lease"]) if state["lease"] else None,
                state["review_status"],
                int(state["status"] == "done"),
            )
            for task_id, state in self.model.states.items()
        )

    @invariant()
    def records_that_count_are_the_models(self) -> None:
        for kind in ("evidence", "handoffs", "reviews"):
            kept = self.sql(f"SELECT task_id FROM task_{kind} WHERE withdrawn_at IS NULL ORDER BY id")
            mine = [one["task"] for one in self.model.records if one["kind"] == kind and not one["withdrawn"]]
            assert [task_id for (task_id,) in kept] == mine
        open_handoffs = self.sql(
            "SELECT count(*) FROM task_handoffs WHERE withdrawn_at IS NULL AND acknowledged_at IS NULL"
        )
        mine = [one for one in self.model.records if one["kind"] == "handoffs" and not one["withdrawn"]]
        assert open_handoffs == [(sum(not one["acknowledged"] for one in mine),)]

    def sql(self, query: str) -> list[Any]:
        connection = sqlite3.connect(".git/fairway/queue.db")
        rows = connection.execute(query).fetchall()
        connection.close()
        return rows

    def check_ledger(self) -> None:
        answer = self.run("queue-verify")
        assert answer.code == 0, answer

    def check_snapshot(self) -> None:
        """A snapshot, restored into an empty store, gives the same snapshot again."""
        first, second, other = (os.path.join(self.folder, ".git", name) for name in ("1.json", "2.json", "other.db"))
        self.expect("", "queue-snapshot", WATCHER, "--output", first)
        self.expect("", "queue-restore", WATCHER, "--from", first, "--db", other)
        self.expect("", "queue-snapshot", WATCHER, "--output", second, "--db", other)
        with open(first, "rb") as one, open(second, "rb") as two:
            assert one.read() == two.read()


def definition(task_id: str, depends_on: Any = ()) -> dict[str, Any]:
    """A task of the queue file as the model keeps it."""
    return {
        "lane": "A-backend" if task_id.startswith("A") else "B-ui",
        "title": f"Title of {task_id}",
        "priority": None,
        "depends_on": list(depends_on),
        "status": "todo",
        "owner": "",
        "branch": "",
        "commit": "",
    }
