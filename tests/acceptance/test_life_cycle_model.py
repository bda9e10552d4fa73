"""The whole life cycle in any order, by several actors: whatever people type, the tools and the model agree."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.acceptance.queue_facts import EVERYTHING, moment
from tests.acceptance.story import ACTORS, IDS, LANES, UNKNOWN, Story, definition
from tests.support.repositories import head
from tests.support.rings import length
from tests.support.shell import GPUAAS_CONFIG, make_checkout, queue_text

SETTINGS = settings(
    max_examples=length(3, 40),
    stateful_step_count=50,
    phases=[Phase.generate, Phase.shrink],
)


def mostly(*statuses: str) -> st.SearchStrategy[str]:
    """Ids of tasks: mostly of those in one of these statuses, so that stories get somewhere; any other one too."""
    return st.runner().flatmap(lambda story: st.sampled_from([*story.model.tasks_in(*statuses) * 2, *IDS, UNKNOWN]))


actors = st.sampled_from(ACTORS)
lanes = st.sampled_from(LANES)
owners = st.sampled_from(["A", "B"])
fences = st.sampled_from(["", "", "", "", "right", "old"])
reasons = st.sampled_from(["", "because"])
seldom = st.sampled_from([False, False, False, False, True])


class LifeCycle(Story):
    """What people do: edit the queue file, run commands, wait."""

    # --- the queue file -------------------------------------------------------------------------------------

    @precondition(lambda self: not self.model.broken)
    @rule(
        task_id=st.sampled_from(IDS),
        priority=st.sampled_from([None, 1, 2]),
        needs=st.sets(st.sampled_from(IDS), max_size=2),
        status=st.sampled_from(["todo", "todo", "done", "blocked", "in_progress"]),
        owner=st.sampled_from(["", "A"]),
    )
    def define(self, task_id: str, priority: int | None, needs: set[str], status: str, owner: str) -> None:
        """A task is added, or a known one is changed (its state in the file counts for nothing then)."""
        earlier = IDS[: IDS.index(task_id)]
        depends_on = [one for one in earlier if one in needs and one in self.model.file]
        seeds = {"status": status, "owner": owner, "commit": "abc12345" if status == "done" else ""}
        self.model.file[task_id] = {**definition(task_id, depends_on), "priority": priority, **seeds}
        self.write_file()

    @precondition(lambda self: not self.model.broken)
    @rule(task_id=st.sampled_from(IDS), title=st.sampled_from(["Another title", 'Größer: "ja" # nein']), lane=lanes)
    def rewrite(self, task_id: str, title: str, lane: str) -> None:
        """A title and a lane are changed."""
        if task_id in self.model.file:
            self.model.file[task_id].update(title=title, lane=lane)
            self.write_file()

    @precondition(lambda self: not self.model.broken)
    @rule(task_id=st.sampled_from(IDS))
    def move_to_the_end(self, task_id: str) -> None:
        if task_id in self.model.file:
            self.model.file[task_id] = self.model.file.pop(task_id)
            self.write_file()

    @precondition(lambda self: not self.model.broken)
    @rule(task_id=st.sampled_from(IDS))
    def remove(self, task_id: str) -> None:
        """A task leaves the file; others may go on depending on it."""
        if self.model.file.pop(task_id, None):
            self.write_file()

    @precondition(lambda self: not self.model.broken and self.model.file)
    @rule(data=st.data(), happens=seldom, everything=st.booleans())
    def break_the_file(self, data: st.DataObject, happens: bool, everything: bool) -> None:
        """Somebody saves a file that is no YAML, or names a lane that does not exist."""
        if happens:
            self.model.broken = EVERYTHING if everything else data.draw(st.sampled_from(sorted(self.model.file)))
            self.write_file()

    @rule()
    def mend(self) -> None:
        self.model.broken = ""
        self.write_file()

    @rule(seconds=st.sampled_from([1, 60, 3600, 13 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.model.now += seconds

    # --- commands -------------------------------------------------------------------------------------------

    @rule(actor=actors, owner=owners, task_id=mostly("todo"), lost=seldom, fence=fences, force=seldom, again=seldom)
    def claim(self, actor: str, owner: str, task_id: str, lost: bool, fence: str, force: bool, again: bool) -> None:
        number = self.fence(task_id, fence)
        own = self.model.definitions.get(task_id, {}).get("lane", LANES[0])
        lane = next(one for one in LANES if one != own) if lost else own
        word = self.model.claim(actor, owner, lane, task_id, number, force=force)
        given = ["--task-id", task_id, "--role", lane, "--owner", owner, *optional(force=force, fence=number)]
        self.expect(word, "queue-claim", actor, *given, "--reason=because", again=again)

    @rule(actor=actors, owner=owners, lane=lanes, again=seldom)
    def claim_next(self, actor: str, owner: str, lane: str, again: bool) -> None:
        expected = next(iter(self.model.ready(lane)), "")
        word = self.model.claim(actor, owner, lane, "")
        answer = self.expect(word, "queue-claim", actor, "--role", lane, "--owner", owner, again=again)
        if not word:
            assert answer.json["task_id"] == expected
            assert answer.json["fence"] == self.model.states[expected]["fence"]

    @rule(actor=actors, task_id=mostly("in_progress"), fence=fences, again=seldom)
    def release(self, actor: str, task_id: str, fence: str, again: bool) -> None:
        number = self.fence(task_id, fence)
        word = self.model.give_back(actor, task_id, "released", number)
        self.expect(word, "queue-release", actor, task_id, *optional(fence=number), again=again)

    @rule(actor=actors, task_id=mostly("in_progress"), fence=fences, force=st.booleans(), again=seldom)
    def reclaim(self, actor: str, task_id: str, fence: str, force: bool, again: bool) -> None:
        number = self.fence(task_id, fence)
        word = self.model.give_back(actor, task_id, "reclaimed", number, force=force)
        given = optional(fence=number, force=force, reason="because")
        self.expect(word, "queue-reclaim", actor, task_id, *given, again=again)

    @rule(
        actor=actors,
        task_id=mostly("in_progress", "blocked", "done"),
        status=st.sampled_from(["todo", "in_progress", "blocked", "done"]),
        fence=fences,
        reason=reasons,
        owner=st.sampled_from(["", "", "A"]),
        commit=st.sampled_from(["", "HEAD"]),
        reopen=st.booleans(),
        force=seldom,
        again=seldom,
    )
    def set_status(
        self, actor: str, task_id: str, status: str, fence: str, reason: str, owner: str, commit: str,
        reopen: bool, force: bool, again: bool,
    ) -> None:  # fmt: skip
        number = self.fence(task_id, fence)
        choices: dict[str, Any] = {"reason": reason, "owner": owner, "reopen": reopen, "force": force}
        sha = self.model.head if commit else ""
        word = self.model.set_status(actor, task_id, status, number, commit=sha, **choices)
        given = optional(status=status, commit=commit, fence=number, **choices)
        self.expect(word, "queue-set-status", actor, task_id, *given, again=again)

    @rule(actor=actors, task_id=mostly("in_progress"), fence=fences, fails=seldom, again=seldom)
    def record_evidence(self, actor: str, task_id: str, fence: str, fails: bool, again: bool) -> None:
        number, result = self.fence(task_id, fence), "fail" if fails else "pass"
        word = self.model.add_evidence(actor, task_id, number, result)
        given = optional(command_text="make test", result=result, commit="HEAD", fence=number)
        self.expect(word, "queue-record-evidence", actor, task_id, *given, again=again)

    @rule(actor=actors, task_id=mostly("in_progress"), taken_back=seldom)
    def finish(self, actor: str, task_id: str, taken_back: bool) -> None:
        """Evidence and then done, as the work goes; evidence that was taken back in between is none."""
        self.record_evidence(actor, task_id, "", fails=False, again=False)
        if taken_back:
            self.undo(actor, task_id, "", again=False)
        self.set_status(
            actor, task_id, "done", "", reason="", owner="", commit="", reopen=False, force=False, again=False
        )

    @rule(actor=actors, other=actors, task_id=mostly("todo", "in_progress"), built_on=st.booleans())
    def regret(self, actor: str, other: str, task_id: str, built_on: bool) -> None:
        """Work is said to be done, and that is taken back: too late when somebody has begun to build on it."""
        self.finish(actor, task_id, taken_back=False)
        dependents = [one for one in sorted(self.model.states) if task_id in self.model.needs(one)]
        if built_on and dependents:
            self.claim(other, "B", dependents[0], lost=False, fence="", force=False, again=False)
        self.undo(actor, task_id, "", again=False)

    @rule(actor=actors, task_id=mostly("done"), status=st.sampled_from(["todo", "in_progress"]), reopen=st.booleans())
    def take_up_again(self, actor: str, task_id: str, status: str, reopen: bool) -> None:
        """Finished work is reopened, which has to be said."""
        self.set_status(
            actor, task_id, status, "", reason="because", owner="", commit="", reopen=reopen, force=False, again=False
        )

    @rule(actor=actors, task_id=mostly("in_progress"), fence=fences, again=seldom)
    def record_handoff(self, actor: str, task_id: str, fence: str, again: bool) -> None:
        number = self.fence(task_id, fence)
        word = self.model.add_handoff(actor, task_id, number)
        texts = optional(owner="B", branch="b", commit="HEAD", commands="c", results="r", changed_files="f")
        self.expect(word, "queue-record-handoff", actor, task_id, *texts, *optional(fence=number), again=again)

    @rule(actor=actors, task_id=mostly("in_progress", "done"), fence=fences, again=seldom)
    def acknowledge(self, actor: str, task_id: str, fence: str, again: bool) -> None:
        number = self.fence(task_id, fence)
        word = self.model.acknowledge(actor, task_id, number)
        self.expect(word, "queue-ack-handoff", actor, task_id, *optional(fence=number), again=again)

    @rule(
        actor=st.sampled_from([*ACTORS, "dora", "dora"]),
        task_id=mostly("in_progress", "done"),
        fence=fences,
        lane=st.sampled_from(["D-arch", "E-governance", "B-ui"]),
        reviewer=st.sampled_from(["D", "D", "A", "ann"]),
        verdict=st.sampled_from(["approved", "changes_requested", "blocked"]),
        again=seldom,
    )
    def review(self, actor: str, task_id: str, fence: str, lane: str, reviewer: str, verdict: str, again: bool) -> None:
        number = self.fence(task_id, fence)
        word = self.model.add_review(actor, task_id, number, lane, reviewer, verdict)
        given = optional(reviewer_role=lane, reviewer=reviewer, status=verdict, commit="HEAD", fence=number)
        self.expect(word, "queue-record-review", actor, task_id, *given, again=again)

    @rule(actor=actors, task_id=st.just("") | mostly("in_progress", "done"), fence=fences, again=seldom)
    def undo(self, actor: str, task_id: str, fence: str, again: bool) -> None:
        number = self.fence(task_id, fence)
        word = self.model.undo(actor, task_id, number)
        self.expect(word, "queue-undo", actor, *optional(task_id=task_id, fence=number), again=again)

    @rule(actor=actors, again=seldom)
    def prune(self, actor: str, again: bool) -> None:
        removed, archived = self.model.prune(actor)
        answer = self.expect("", "queue-prune-stale", actor, again=again).json
        assert (answer["removed"], answer["archived"]) == (removed, archived)


def optional(**choices: Any) -> list[str]:
    """Flags for what was chosen: `owner="B", force=True, fence=""` -> `--owner=B --force`."""
    words = {f"--{name.replace('_', '-')}": value for name, value in choices.items() if value}
    return [name if value is True else f"{name}={value}" for name, value in words.items()]


@pytest.mark.timeout(600)  # a failure is shrunk to the shortest story that shows it
def test_the_tools_agree_with_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        config = file.read()
    # the preflight looks at worktrees, of which there are none here
    relaxed = config.replace('preflight_before_claim = "enforce"', 'preflight_before_claim = "off"')
    assert relaxed != config
    (tmp_path / "config.toml").write_text(relaxed)
    project = make_checkout(tmp_path, queue_text(), lanes=[], config=str(tmp_path / "config.toml"))
    project.ok("queue-list")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIRWAY_NOW", moment(0))

    class Here(LifeCycle):
        template = str(tmp_path / "template")
        folder = project.main
        head = head(project.main)

    os.rename(project.main, Here.template)
    run_state_machine_as_test(Here, settings=SETTINGS)
