"""`fairway`: one command over all tools, and the verbs of the Go program Fairway."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls.umbrella import find, resolve, verb_of
from fairway_scripts.calls.verbs import DAILY, HOT, NEAREST
from fairway_scripts.catalog import FAMILIES, TOOLS
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, run_tool, task

#: Every verb of Fairway around its parity assessment, and what answers it here.
VERBS = {
    "init": "fairway-init",
    "config validate": "fairway-config",
    "import": "queue-import",
    "add": "queue-add",
    "spawn": "queue-spawn",
    "update": "queue-update",
    "tree": "queue-tree",
    "ready": "queue-ready",
    "claim": "queue-claim",
    "set-status": "queue-set-status",
    "task-detail": "queue-task-detail",
    "prune-stale": "queue-prune-stale",
    "record evidence": "queue-record-evidence",
    "record handoff": "queue-record-handoff",
    "record review": "queue-record-review",
    "record guard-report": "record-guard-report",
    "status-report": "queue-status-report",
    "health-report": "queue-health-report",
    "timing-report": "queue-timing-report",
    "worktree setup": "worktree-setup",
    "worktree status": "worktree-status",
    "worktree prune": "worktree-prune",
    "review checkout": "review-checkout",
    "route review": "queue-route-review",
    "db backup": "queue-backup",
    "db export": "queue-snapshot",
    "db migrate": "queue-migrate",
    "packet context": "context-packet",
    "packet bugfix": "bugfix-packet",
    "packet watcher": "watcher-packet",
    "packet architecture-map": "architecture-map-packet",
    "packet boundary-guard": "boundary-guard-packet",
    "packet vertical-slice": "vertical-slice-packet",
    "packet template": "packet-template",
    "regression list": "regression-packs",
    "regression show": "regression-packs",
    "regression validate": "regression-packs",
    "coordinator preflight": "orchestrator-preflight",
    "coordinator status": "orchestrator-status",
    "coordinator tick": "orchestrator-tick",
    "dispatch-plan": "orchestrator-dispatch",
    "readiness report": "readiness-report",
    "git-check": "queue-git-check",
    "preflight": "queue-preflight",
    "merge-ready": "queue-merge-ready",
    "session upsert": "session-upsert",
    "session status": "session-status",
    "session end": "session-end",
    "session reconcile": "session-reconcile",
    "session launch": "session-launch",
    "watcher start": "watcher-start",
    "watcher finish": "watcher-finish",
    "watcher status": "watcher-status",
    "checkpoint record": "checkpoint-record",
    "checkpoint status": "checkpoint-status",
    "checkpoint stale": "checkpoint-stale",
    "reconcile active": "session-reconcile",
    "release verify": "release-verify",
    "doctor": "queue-doctor",
}
#: Calls in Fairway's manner, and what they come to.
CALLS = {
    "claim B-1 --owner B": "queue-claim B-1 --owner B",
    "--as B-ui --json claim B-1": "queue-claim B-1 --role=B-ui --owner=B-ui --json",
    "--as B-ui ready": "queue-ready --role=B-ui",
    "--db=x.db --config c.toml ready --in B-1": "queue-ready --in B-1 --queue-db=x.db --config=c.toml",
    "--as B-ui add B-1 --title x --role A": "queue-add B-1 --title x --role A",
    "set-status B-1 blocked --reason x": "queue-set-status B-1 --status=blocked --reason x",
    "record handoff B-1 --to D-arch --payload=@h.md": "queue-record-handoff B-1 --to-role D-arch --notes=@h.md",
    "record review B-1 --reviewer D --verdict approve --reason ok": (
        "queue-record-review B-1 --reviewer D --status approved --note ok --reviewer-role=D"
    ),
    "record review B-1 --reviewer=D --verdict=changes": (
        "queue-record-review B-1 --reviewer=D --status=changes_requested --reviewer-role=D"
    ),
    "record review B-1 --reviewer D --verdict reject": (
        "queue-record-review B-1 --reviewer D --status blocked --reviewer-role=D"
    ),
    "route review B-1 --reviewer D-arch --path a/b": "queue-route-review B-1 --reviewer-role D-arch --path a/b",
    "import q.yaml --state-once": "queue-import --queue-file=q.yaml",
    "db backup b.db": "queue-backup --output=b.db",
    "db export -": "queue-snapshot",
    "spawn --id B-2 --title x --child": "queue-spawn --task-id B-2 --title x --place=child",
    "update B-1 --role A": "queue-update B-1 --to-role A",
    "watcher start W --task B-1 --success exit:0": "watcher-start W --task B-1 --success-condition exit:0",
    "watcher status --include-done": "watcher-status --all",
    "worktree prune --force": "worktree-prune --yes",
    "--json watcher run --task B-1 -- cmd --success x": "watcher-run --task B-1 --json -- cmd --success x",
    "regression show auth --catalog p.yaml": "regression-packs show auth --catalog p.yaml",
    "release B-1": "queue-release B-1",
    "help record evidence": "queue-help queue-record-evidence",
    "help packets --json": "queue-help packets --json",
    "help": "queue-help",
    "version": "fairway --version",
    "": "fairway",
    "--json": "fairway --json",
}


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])


class TestVerbs:
    def test_a_verb_of_fairway_finds_its_tool(self, subtests: pytest.Subtests) -> None:
        for verb, tool in VERBS.items():
            with subtests.test(verb=verb, tool=tool):
                assert resolve(verb.split())[0] == tool

    def test_a_call_in_its_manner_is_a_call_of_ours(self, subtests: pytest.Subtests) -> None:
        for call, meant in CALLS.items():
            with subtests.test(call=call, meant=meant):
                tool, words = resolve(call.split())
                assert " ".join([tool, *words]) == meant

    def test_every_tool_has_a_verb_that_leads_back_to_it(self, subtests: pytest.Subtests) -> None:
        for tool in sorted(set(TOOLS) - {"fairway"}):
            with subtests.test(tool=tool):
                assert find([verb_of(tool)]) == tool
                assert find([tool]) == tool

    @pytest.mark.parametrize("verb", HOT)
    def test_what_is_found_without_the_catalogue_is_what_the_catalogue_gives(self, verb: str) -> None:
        assert HOT[verb] in (f"queue-{verb.replace(' ', '-')}", f"fairway-{verb}")
        assert HOT[verb] in TOOLS

    def test_the_verbs_of_the_day_are_found_without_reading_the_catalogue(self) -> None:
        code = "import sys; from fairway_scripts.calls.umbrella import resolve; resolve(['claim', 'B-1']);"
        code += "print([name for name in sys.modules if name.startswith('fairway_scripts.catalog')])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout == "[]\n"


class TestRefusals:
    @pytest.mark.parametrize("verb", sorted(NEAREST))
    def test_a_verb_without_a_counterpart_names_the_nearest(self, verb: str) -> None:
        """Where a tool of that name has come since, the verb is answered, and this row has no use any more."""
        if find(verb.split()):
            pytest.skip(f"fairway {verb} is answered")
        with pytest.raises(FairwayError) as refused:
            resolve([*verb.split(), "x"])
        assert refused.value.word == "not_found"
        assert refused.value.details["nearest"] in TOOLS

    @pytest.mark.parametrize("verb", sorted(NEAREST))
    def test_the_nearest_verb_is_one(self, verb: str) -> None:
        assert find(NEAREST[verb][0].split())

    @pytest.mark.parametrize(("typed", "meant"), [("next", "tick"), ("block", "set-status"), ("tasks", "list")])
    def test_an_everyday_word_that_is_no_verb_leads_to_the_one_that_is(self, typed: str, meant: str) -> None:
        answer = run_tool("fairway", typed, cwd="/")
        assert (answer.code, answer.word) == (3, "not_found")
        assert f"the nearest is fairway {meant}: " in answer.err
        told = run_tool("fairway", "help", typed, cwd="/")
        assert (told.code, answer.err.splitlines()[-1]) == (3, told.err.splitlines()[-1])

    @pytest.mark.parametrize("typed", ["nest", "launder"])
    def test_a_word_that_is_like_none_of_them_comes_without_a_guess(self, typed: str) -> None:
        answer = run_tool("fairway", typed, cwd="/")
        assert "did you mean" not in answer.err
        assert answer.err.splitlines()[-1] == "hint: make queue-help"

    def test_a_slip_comes_with_a_guess(self) -> None:
        answer = run_tool("fairway", "clame", "B-1", cwd="/")
        assert (answer.code, answer.word) == (3, "not_found")
        assert "did you mean claim?" in answer.err
        assert answer.err.splitlines()[-1] == "hint: make queue-help TOPIC=queue-claim", "how the guess is called"

    def test_half_of_a_verb_is_the_first_one_of_the_day_that_has_it(self) -> None:
        for half, verb in (("handoff", "record-handoff"), ("evidence", "record-evidence"), ("merge", "merge-ready")):
            with pytest.raises(FairwayError, match=f"did you mean {verb}") as refused:
                resolve([half, "B-1"])
            assert refused.value.hint.endswith((f"queue-{verb} --help", f"TOPIC=queue-{verb}"))

    def test_a_flag_before_the_verb_needs_its_value(self) -> None:
        answer = run_tool("fairway", "--as", cwd="/")
        assert (answer.code, answer.word, "--as needs a value" in answer.err) == (2, "usage", True)

    def test_a_refusal_is_json_where_it_was_asked_for(self) -> None:
        answer = run_tool("fairway", "--json", "nothing-like-it", cwd="/")
        assert (answer.code, answer.word) == (3, "not_found")


class TestTheCommand:
    def test_a_verb_answers_as_its_tool_does(self, project: Checkout) -> None:
        project.ok("queue-ready")
        assert project.ok("fairway", "ready", "--json").out == project.ok("queue-ready", "--json").out
        assert project.ok("fairway", "--json", "ready").out == project.ok("queue-ready", "--json").out

    def test_a_task_walks_through_it(self, project: Checkout) -> None:
        claimed = project.ok("fairway", "--as", "B-ui", "--json", "claim", "B-1").json
        assert (claimed["task_id"], claimed["owner"], claimed["lane"]) == ("B-1", "B-ui", "B-ui")
        project.ok("fairway", "record", "evidence", "B-1", "--command-text", "make test", "--result", "pass")
        moved = project.run("fairway", "--json", "set-status", "B-1", "blocked", "--reason", "waits")
        assert moved.json["status"] == "blocked"
        refused = project.run("fairway", "claim", "B-9", "--owner", "B", "--role", "B-ui")
        assert (refused.code, refused.word) == (3, "not_found")

    def test_hints_are_spelled_as_the_call_was(self, project: Checkout) -> None:
        bare = {"FAIRWAY_VIA": ""}
        answer = project.run("fairway", "claim", "B-1", "--role", "B-ui", env=bare)
        assert f"hint: {BIN}/fairway claim --role B-ui --owner '<owner>' --task-id B-1" in answer.err
        on_path = subprocess.run(
            [os.path.join(BIN, "fairway"), "record", "evidence", "B-1"],
            cwd=project.main,
            env=environment(PATH=f"{BIN}:{os.path.dirname(sys.executable)}:{os.environ['PATH']}"),
            capture_output=True,
            text=True,
        )
        assert "hint: fairway record-evidence --task-id B-1 --command-text '<command-text>'" in on_path.stderr

    def test_help_shows_the_call_as_it_was_typed(self, project: Checkout, subtests: pytest.Subtests) -> None:
        for tool in sorted(set(TOOLS) - {"fairway"}):
            with subtests.test(tool):
                called = f"fairway {verb_of(tool)}"
                lines = project.run("fairway", verb_of(tool), "--help", env={"FAIRWAY_VIA": ""}).out.split("\n")
                own = project.ok(tool, "--help").out.split("\n")
                assert [line.startswith(f"usage: {called} ") for line in lines[:1]] == [True], lines[0]
                [example], [plain] = (
                    [line for line in found if line.startswith("example: ")] for found in (lines, own)
                )
                assert example == plain.replace(f"example: {tool}", f"example: {called}", 1)

    def test_alone_it_shows_the_ten_commands_of_the_day(self, tmp_path: Path) -> None:
        out = run_tool("fairway", cwd=str(tmp_path), env={"FAIRWAY_VIA": ""}).out
        shown = re.findall(r"^  fairway ([a-z-]+)  +[A-Z]", out, re.MULTILINE)
        assert shown == [verb_of(name) for name in DAILY]
        assert len(DAILY) == 10
        assert {name for name in FAMILIES if f"\n  {name} " in out} == set(FAMILIES)
        assert run_tool("fairway", "--json", cwd=str(tmp_path)).json["daily"][1]["verb"] == "claim"

    def test_what_it_needs_is_loaded_by_the_tool_alone(self, project: Checkout) -> None:
        """A change that needs a package begins in an interpreter that has it, as the tool itself does."""
        project.ok("queue-ready")
        project.ok("fairway", "db", "backup", "copy.db")
        assert os.path.exists(os.path.join(project.main, "copy.db"))
