"""A host with names of its own, after compat-scan --write: its targets call our tools, with every value as typed."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.compat.scan_hosts import HOSTS, NAMES, canaries, make_host, write_scripts
from tests.make.hosts import FRAGMENT, Host, Outcome, recording_host
from tests.make.test_make_floor_lint import findings
from tests.support.payloads import CANARY, LONG, PAYLOADS
from tests.support.repositories import write_file
from tests.support.shell import Checkout, make_checkout, queue_text, run_tool, task

if TYPE_CHECKING:
    from pathlib import Path


def makefile(name: str) -> str:
    with open(os.path.join(HOSTS, f"{name}.mk"), encoding="utf-8") as file:
        return file.read()


def host_with_profile(folder: str, above: str, profile: str = "") -> Host:
    """A recording host whose Makefile is `above` and then the include line; its profile is written by compat-scan."""
    host = recording_host(folder, above=above)
    write_scripts(host.folder)
    if profile:
        host.write("compat/profile.toml", profile)
    answer = run_tool("compat-scan", "--write", cwd=host.folder)
    assert answer.code == 0, answer
    return host


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Host:
    return host_with_profile(str(tmp_path_factory.mktemp("host")), makefile("renamed"))


def called(outcome: Outcome) -> list[str]:
    """The one call of a tool as its words; the warnings about recipes that the host still has are expected."""
    assert outcome.code == 0, outcome
    (call,) = outcome.calls
    return [call.tool, *(word for word in call.arguments if not word.endswith("="))]


CALLS = {
    "take-task T=B-1 WHO=B": ["queue-claim", "--role=B-ui", "--task-id=B-1", "--owner=B"],
    "take-task LANE=A-backend T=A-1": ["queue-claim", "--role=A-backend", "--task-id=A-1"],
    "take-task TASK_ID=B-2 OWNER=X": ["queue-claim", "--role=B-ui", "--owner=X", "--task-id=B-2"],
    "next N=5 LANE=C-ops": ["queue-ready", "--role=C-ops", "--limit=5"],
    "done-task T=B-1 SHA=abc": ["queue-set-status", "--status=done", "--commit=abc", "--task-id=B-1"],
    "done-task T=B-1 STATUS=blocked": ["queue-set-status", "--status=done", "--status=blocked", "--task-id=B-1"],
    "approve T=B-1 AS=D-arch WHO=D": [
        *["queue-record-review", "--status=approved", "--reviewer-role=D-arch", "--task-id=B-1", "--reviewer=D"],
    ],
    "queue-claim TASK_ID=B-1": ["queue-claim", "--task-id=B-1"],
}


@pytest.mark.parametrize(("words", "wanted"), CALLS.items())
def test_a_target_of_the_host_calls_the_tool_with_its_names_mapped(
    words: str, wanted: list[str], renamed: Host
) -> None:
    assert called(renamed.make(*words.split())) == wanted


def test_one_name_may_mean_one_thing_in_one_target_and_another_elsewhere(renamed: Host) -> None:
    assert "--owner=X" in called(renamed.make("take-task", "WHO=X"))
    assert "--reviewer=X" in called(renamed.make("approve", "WHO=X"))
    assert called(renamed.make("queue-claim", "WHO=X")) == ["queue-claim"]


def test_the_words_of_a_profile_go_to_their_own_target_only(renamed: Host) -> None:
    assert called(renamed.make("queue-set-status", "TASK_ID=B-1")) == ["queue-set-status", "--task-id=B-1"]


def test_a_target_that_the_profile_leaves_to_the_host_stays_the_hosts(renamed: Host) -> None:
    outcome = renamed.make("queue-ready")
    assert outcome.calls == []
    assert canaries(renamed.folder)


def test_a_target_may_be_kept_although_the_profile_answers_it(tmp_path: Path) -> None:
    host = host_with_profile(str(tmp_path), "FAIRWAY_SKIP := take-task\n" + makefile("renamed"))
    assert host.make("take-task", "T=B-1").calls == []


def test_names_of_the_host_count_from_the_environment_where_ours_do(renamed: Host) -> None:
    answer = called(renamed.make("say-evidence", env={"T": "B-1", "CMD": "x", "R": "pass"}))
    assert answer == ["queue-record-evidence", "--task-id=B-1"]


def test_a_variable_of_makes_own_is_not_passed_unless_somebody_sets_it(renamed: Host) -> None:
    assert not any(word.startswith("--reviewer-role") for word in called(renamed.make("approve", "T=B-1")))


def test_without_a_profile_the_fragment_is_as_it_was(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    assert called(host.make("queue-claim", "TASK_ID=B-1")) == ["queue-claim", "--task-id=B-1"]
    assert "No rule" in host.make("take-task", "T=B-1").err


def test_another_profile_can_be_named(tmp_path: Path) -> None:
    host = host_with_profile(str(tmp_path), "FAIRWAY_PROFILE := other/place.mk\n" + makefile("renamed"))
    assert host.make("take-task", "T=B-1").calls == []  # the host's own recipe
    os.rename(tmp_path / "compat", tmp_path / "other")
    os.rename(tmp_path / "other" / "profile.mk", tmp_path / "other" / "place.mk")
    assert called(host.make("take-task", "T=B-1"))[0] == "queue-claim"


def test_the_default_goal_of_the_host_stays_its_own(tmp_path: Path) -> None:
    host = host_with_profile(str(tmp_path), makefile("renamed"))
    text = f"FAIRWAY_BIN := {host.folder}/tools\nFAIRWAY_PYTHON :=\ninclude {FRAGMENT}\nall: ; @echo mine\n"
    host.write("Makefile", text)
    assert host.make("-s").out == "mine\n"


def test_a_team_may_give_a_target_to_another_tool_than_the_one_of_its_name(tmp_path: Path) -> None:
    profile = 'schema = "profile/1"\n[targets.queue-ready]\ntool = "queue-list"\nvia = "make"\n'
    host = host_with_profile(str(tmp_path), makefile("renamed"), profile)
    assert called(host.make("queue-ready", "LANE=A-backend")) == ["queue-list", "--role=A-backend"]


def test_a_profile_is_silent_under_the_strictest_make(tmp_path: Path) -> None:
    host = host_with_profile(str(tmp_path), "")
    host.write("compat/profile.mk", _profile_of(tmp_path, "renamed"))
    outcome = host.make("--warn-undefined-variables", "take-task", "T=B-1")
    assert (outcome.code, outcome.err) == (0, "")


def _profile_of(tmp_path: Path, name: str) -> str:
    main = make_host(tmp_path, name)
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    with open(os.path.join(main, "compat", "profile.mk"), encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize("name", NAMES)
def test_a_written_fragment_keeps_to_the_rules_of_the_fragment(name: str, tmp_path: Path) -> None:
    text = _profile_of(tmp_path, name)
    assert findings(text) == []
    for line in re.findall(r"^\t.*$", text, re.MULTILINE):
        assert line.startswith("\t@$(call fairway.run,")


SHORT = {name: value for name, value in PAYLOADS.items() if len(value) < LONG}


@pytest.mark.parametrize("value", SHORT.values(), ids=SHORT)
def test_a_hostile_value_under_a_name_of_the_host_arrives_as_typed(value: str | bytes, renamed: Host) -> None:
    raw = value if isinstance(value, bytes) else value.encode()
    outcome = renamed.make("drop-task", "T=B-1", b"WHY=" + raw)
    assert outcome.code == 0, outcome
    # make itself drops the blanks in front
    assert f"--reason={os.fsdecode(raw.lstrip(b' '))}" in outcome.arguments
    assert not os.path.exists(os.path.join(renamed.folder, CANARY))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A project with a queue, whose Makefile is somebody else's and includes the fragment."""
    tasks = [task(f"B-{number}") for number in range(1, 5)]
    checkout = make_checkout(str(tmp_path_factory.mktemp("project")), queue_text(*tasks), lanes=["B-ui"])
    write_file(checkout.main, "Makefile", makefile("renamed") + "\ninclude $(FAIRWAY_TEST_FRAGMENT)\n")
    write_scripts(checkout.main)
    checkout.ok("compat-scan", "--write")
    return checkout


def test_the_hosts_own_target_claims_through_our_tools(project: Checkout) -> None:
    answer = project.make("take-task", "T=B-1", "WHO=B")
    assert answer.code == 0, answer
    detail = project.detail("B-1")
    assert (detail["status"], detail["owner"]) == ("in_progress", "B")
    assert canaries(project.main) == []


@pytest.mark.parametrize(
    ("task_id", "name"), [("B-2", "everything at once"), ("B-3", "make's shell function"), ("B-4", "doubled dollar")]
)
def test_a_hostile_owner_is_stored_as_it_was_typed(task_id: str, name: str, project: Checkout) -> None:
    answer = project.make("take-task", f"T={task_id}", f"WHO={PAYLOADS[name]!s}")
    assert answer.code == 0, answer
    assert project.detail(task_id)["owner"] == PAYLOADS[name]
    assert canaries(project.main) == []
